namespace Enclave.Cluster;

/// <summary>The state of a part's process.</summary>
internal enum PartState
{
    /// <summary>Running, and not ready yet.</summary>
    Starting,

    /// <summary>It has become ready. Its health tells whether it is ready now.</summary>
    Ready,

    /// <summary>Stopped by SIGSTOP.</summary>
    Paused,

    /// <summary>Asked to end, and still running.</summary>
    Stopping,

    /// <summary>Ended on request.</summary>
    Stopped,

    /// <summary>Killed, or ended by itself.</summary>
    Dead,
}
