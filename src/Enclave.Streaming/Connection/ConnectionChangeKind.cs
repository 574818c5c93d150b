namespace Enclave.Streaming;

/// <summary>What happened to a connection.</summary>
public enum ConnectionChangeKind
{
    /// <summary>It has another state.</summary>
    StateChanged,

    /// <summary>It was made.</summary>
    Connected,

    /// <summary>It was lost, or could not be made.</summary>
    Disconnected,

    /// <summary>It will be tried again.</summary>
    RetryScheduled,

    /// <summary>It is tried again.</summary>
    RetryStarted,

    /// <summary>It is not tried again.</summary>
    Failed,
}
