namespace Enclave.Cluster.Live;

/// <summary>Tells whoever started the cluster what becomes of it.</summary>
internal interface IClusterView
{
    /// <summary>Something happened. Before the cluster is ready it may be passed over.</summary>
    void Tell(ClusterEvent happened);

    /// <summary>Shows that it is ready, and whatever happens until it is to end: by the signal, or by a key.</summary>
    Task WatchAsync(ClusterFace face, CancellationToken signal);

    /// <summary>All has ended.</summary>
    void End();
}
