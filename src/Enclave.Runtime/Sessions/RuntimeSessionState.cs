namespace Enclave.Runtime;

/// <summary>The state of a session at a runtime.</summary>
public enum RuntimeSessionState
{
    /// <summary>The guard examines its script, or it waits for a worker.</summary>
    Starting,

    /// <summary>Its script runs.</summary>
    Running,

    /// <summary>Its script runs, and a tool call waits for its answer.</summary>
    WaitingForTool,

    /// <summary>Its script ran to its end.</summary>
    Completed,

    /// <summary>It was cancelled, or its deadline passed.</summary>
    Cancelled,

    /// <summary>It ended otherwise.</summary>
    Failed,
}
