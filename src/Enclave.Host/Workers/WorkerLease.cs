using Enclave.Limits;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>The exclusive right of one job to one worker, with all that the job may do there. The pool makes and ends it.</summary>
/// <remarks>The worker knows its lease: what another one sends does nothing.</remarks>
/// <param name="worker">The worker.</param>
/// <param name="tenant">The key of the job's tenant.</param>
internal sealed class WorkerLease(Worker worker, string tenant)
{
    private IWorkerJob? _job;

    public string Tenant => tenant;

    /// <summary>Its job, once <see cref="TryStart"/> was called.</summary>
    public IWorkerJob Job => _job!;

    /// <summary>True from the job's answer to the end of the lease, if the job's memory is compared meanwhile. Written by the worker.</summary>
    public bool IsCompared { get; set; }

    public int WorkerId => worker.Id;

    /// <summary>The short form of the worker's isolation.</summary>
    public string IsolationTag => worker.IsolationTag;

    /// <summary>CPU time of the worker in microseconds, over all its jobs.</summary>
    public long CpuMicroseconds => worker.CpuMicroseconds;

    /// <summary>The thread that reads the worker's frames.</summary>
    public IReaderThread Reader => worker.Reader;

    /// <summary>True if the job computes, or is about to, and has run for less than this time.</summary>
    public bool ComputesBriefly(TimeSpan time) =>
        !IsCompared && (Volatile.Read(ref _job) is not { } job || (!job.WaitsForTools && job.Duration < time));

    /// <summary>Gives the worker its job. False if the worker has died meanwhile. The job sends itself afterwards.</summary>
    public bool TryStart(IWorkerJob job)
    {
        Volatile.Write(ref _job, job);
        return worker.TryStart(this);
    }

    /// <summary>Sends frames of the job. On the wire they come before all frames of the next job. Returns their length.</summary>
    /// <param name="write">Writes the frames.</param>
    /// <param name="memory">The host's memory of the frames. It is released when the worker has taken them.</param>
    /// <exception cref="OutOfMemoryException">There is no memory for the frames. None of them is sent, or the worker is killed.</exception>
    public long Send(Action<FrameBuffer> write, HeldMemory memory) => worker.Send(this, write, memory);

    /// <summary>Gives the job this much wall time from now, here and in the worker. A job that is being cancelled keeps its deadline.</summary>
    public void SetRemaining(long microseconds) => worker.SetRemaining(this, microseconds);

    /// <summary>Resumes a frame that was held back. From any thread.</summary>
    public void Resume() => worker.Resume();

    /// <summary>Asks the worker to end the job, and kills it if it does not within the level's grace period.</summary>
    public void Cancel() => worker.Cancel(this);

    /// <summary>This process has no memory for the job's frames: the worker ends.</summary>
    public void EndForMemory() => worker.OnOutOfMemory();
}
