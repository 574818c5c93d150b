namespace Enclave.Client;

/// <summary>The state of a session at the broker.</summary>
public enum ClientSessionState
{
    /// <summary>A state that this client does not know.</summary>
    Unknown,

    /// <summary>Its script has not begun.</summary>
    Starting,

    /// <summary>Its script runs.</summary>
    Running,

    /// <summary>Its script waits for a tool.</summary>
    WaitingForTool,

    /// <summary>Its script returned.</summary>
    Completed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>Its script failed.</summary>
    Failed,

    /// <summary>It is durable, and suspended until its time or an answer comes.</summary>
    Suspended,
}
