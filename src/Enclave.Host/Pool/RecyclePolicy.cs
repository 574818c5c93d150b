namespace Enclave.Pool;

/// <summary>Decides, when a job ends, whether its worker may take another one.</summary>
internal sealed class RecyclePolicy(WorkerPoolOptions options, TimeProvider clock)
{
    /// <summary>The reason to recycle, or null to keep the worker.</summary>
    public RecycleReason? Decide(in WorkerHistory worker)
    {
        if (worker.Executions >= options.MaxExecutionsPerWorker) return RecycleReason.Executions;
        // Growth since ready, not residency: the engine itself is larger than STRICT's whole limit.
        if (worker.GrowthBytes > options.MemoryLimitPerWorker) return RecycleReason.Memory;
        if (clock.GetElapsedTime(worker.Started) > options.MaxWorkerAge) return RecycleReason.Age;
        return null;
    }

    /// <summary>The reason to recycle a worker that waits for a job, or null to keep it.</summary>
    /// <param name="started">When it was started, by the clock.</param>
    /// <param name="idleSince">Since when it waits, by the clock.</param>
    /// <param name="workers">Workers of the pool.</param>
    public RecycleReason? DecideIdle(long started, long idleSince, int workers)
    {
        if (clock.GetElapsedTime(started) > options.MaxWorkerAge) return RecycleReason.Age;
        return workers > options.MinWorkers && clock.GetElapsedTime(idleSince) > options.IdleTimeout ? RecycleReason.Idle : null;
    }

    /// <summary>True if its end by executions or age is near enough to start the replacement, so that it is ready when the worker goes.</summary>
    public bool IsNear(in WorkerHistory worker)
    {
        int ahead = Math.Clamp(options.MaxExecutionsPerWorker / 20, 1, 50);
        return worker.Executions >= options.MaxExecutionsPerWorker - ahead || clock.GetElapsedTime(worker.Started) > options.MaxWorkerAge * 0.95;
    }
}
