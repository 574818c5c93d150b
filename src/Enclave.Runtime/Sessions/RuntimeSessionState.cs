namespace Enclave.Runtime;

/// <summary>Where a session of a runtime stands.</summary>
public enum RuntimeSessionState
{
    /// <summary>It is judged, or waits for a worker.</summary>
    Starting,

    /// <summary>Its script runs.</summary>
    Running,

    /// <summary>Its script runs, and a tool call waits for its answer.</summary>
    WaitingForTool,

    /// <summary>Its script ran to its end.</summary>
    Completed,

    /// <summary>It was cancelled, or its deadline has passed.</summary>
    Cancelled,

    /// <summary>It ended otherwise.</summary>
    Failed,
}
