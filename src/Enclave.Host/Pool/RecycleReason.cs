namespace Enclave;

/// <summary>Why a worker's life ended.</summary>
public enum RecycleReason
{
    /// <summary>It ran <see cref="WorkerPoolOptions.MaxExecutionsPerWorker"/> jobs.</summary>
    Executions = 0,

    /// <summary>Its memory grew by more than <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/> and stayed so after a job.</summary>
    Memory = 1,

    /// <summary>It reached <see cref="WorkerPoolOptions.MaxWorkerAge"/>.</summary>
    Age = 2,

    /// <summary>A job in it met a time, memory or message limit: it is not trusted any more.</summary>
    Poisoned = 3,

    /// <summary>It broke the protocol.</summary>
    Violation = 4,

    /// <summary>Its process ended by itself.</summary>
    Crashed = 5,

    /// <summary>It was idle for <see cref="WorkerPoolOptions.IdleTimeout"/> and the pool had more than <see cref="WorkerPoolOptions.MinWorkers"/>.</summary>
    Idle = 6,

    /// <summary>It was bound to a tenant that was idle longest, and another tenant waited.</summary>
    Tenant = 7,

    /// <summary>It did not become ready.</summary>
    StartFailed = 8,

    /// <summary>The pool was disposed.</summary>
    Disposed = 9,
}
