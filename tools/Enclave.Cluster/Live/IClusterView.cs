namespace Enclave.Cluster.Live;

/// <summary>Shows the cluster to the user who started it.</summary>
internal interface IClusterView
{
    /// <summary>Shows an event. May ignore it before the cluster is ready.</summary>
    void Tell(ClusterEvent happened);

    /// <summary>Shows the ready cluster and its events, until a signal or a key ends it.</summary>
    Task WatchAsync(ClusterEndpoints endpoints, CancellationToken signal);

    /// <summary>Called when all parts have ended.</summary>
    void End();
}
