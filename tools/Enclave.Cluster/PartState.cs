namespace Enclave.Cluster;

/// <summary>How a part's process is.</summary>
internal enum PartState
{
    /// <summary>It runs and was not ready yet.</summary>
    Starting,

    /// <summary>It has been ready since it started; whether it is well now is told by its health.</summary>
    Ready,

    /// <summary>It runs and gets no processor.</summary>
    Paused,

    /// <summary>It was asked to end and has not.</summary>
    Stopping,

    /// <summary>It ended because it was asked to.</summary>
    Stopped,

    /// <summary>It was killed, or ended of itself.</summary>
    Dead,
}
