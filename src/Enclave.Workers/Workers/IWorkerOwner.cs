namespace Enclave.Workers;

/// <summary>Is notified of the life of its worker. Called on the worker's own thread; must not block.</summary>
internal interface IWorkerOwner : ISecurityObserver
{
    void OnReady();

    /// <summary>The worker's job has ended and it is idle again.</summary>
    void OnIdle();

    /// <summary>The worker's job no longer computes: it waits for a tool.</summary>
    void OnWaiting();

    /// <summary>The worker's job has left it.</summary>
    /// <param name="lease">The lease of the job, which moves.</param>
    /// <param name="isCompared">True if the worker's memory is compared before it takes another job.</param>
    void OnParked(WorkerLease lease, bool isCompared)
    {
    }

    /// <summary>The worker takes no more jobs: it was killed, or its process ended.</summary>
    void OnLost(RecycleReason reason);

    /// <summary>The process is gone and reaped.</summary>
    void OnGone();
}
