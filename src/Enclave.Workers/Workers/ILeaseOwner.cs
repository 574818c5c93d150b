namespace Enclave.Workers;

/// <summary>Is notified of runs that have left their workers. From any thread; without the locks of lease and worker.</summary>
internal interface ILeaseOwner
{
    /// <summary>The run has something to do again, and needs a worker. May come more than once.</summary>
    void OnAwake(WorkerLease lease);

    /// <summary>The run has its answer, and needs no worker any more.</summary>
    void OnDropped(WorkerLease lease);
}
