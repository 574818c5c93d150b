namespace Enclave.Pool;

/// <summary>Decides if a worker may take another job.</summary>
internal sealed class RecyclePolicy(WorkerPoolOptions options, TimeProvider clock)
{
    /// <summary>The reason to recycle, or null to keep the worker.</summary>
    public RecycleReason? Decide(in WorkerHistory worker)
    {
        if (worker.Executions >= options.MaxExecutionsPerWorker) return RecycleReason.Executions;
        if (clock.GetElapsedTime(worker.Started) > options.MaxWorkerAge) return RecycleReason.Age;
        return null;
    }

    /// <summary>The reason to recycle a worker that waits for a job, or null to keep it.</summary>
    /// <param name="started">The time of its start, by the clock.</param>
    /// <param name="idleSince">The time since which it waits, by the clock.</param>
    /// <param name="workers">The number of workers in the pool.</param>
    public RecycleReason? DecideIdle(long started, long idleSince, int workers)
    {
        if (clock.GetElapsedTime(started) > options.MaxWorkerAge) return RecycleReason.Age;
        return workers > options.MinWorkers && clock.GetElapsedTime(idleSince) > options.IdleTimeout ? RecycleReason.Idle : null;
    }

    /// <summary>True if it soon reaches its limit of executions or age. Its replacement then starts early, to be ready in time.</summary>
    public bool IsNear(in WorkerHistory worker)
    {
        int ahead = Math.Clamp(options.MaxExecutionsPerWorker / 20, 1, 50);
        return worker.Executions >= options.MaxExecutionsPerWorker - ahead || clock.GetElapsedTime(worker.Started) > options.MaxWorkerAge * 0.95;
    }
}
