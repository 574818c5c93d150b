namespace Enclave.Runs;

/// <summary>Is notified when a job has its answer: the pool that took it. For counting only.</summary>
internal interface IJobOwner
{
    /// <summary>Called once for each job, on the thread that settles it. Must not block.</summary>
    void OnSettled();
}
