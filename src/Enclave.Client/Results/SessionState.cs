namespace Enclave.Client;

/// <summary>How far a broker is with a session.</summary>
public enum SessionState
{
    /// <summary>The broker gave a name that is not one of the others.</summary>
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
}
