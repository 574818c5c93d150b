namespace Enclave;

/// <summary>The four settings of <see cref="EnclaveAdapter.CreateWorkerPool"/>. Null means the level's preset.</summary>
public sealed record PoolAdapterOptions
{
    /// <summary>The exact number of workers. Range: 1 to 2,000.</summary>
    public int? PoolSize { get; init; }

    /// <summary>As <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>, in bytes.</summary>
    public long? MaxWorkerMemory { get; init; }

    /// <summary>As <see cref="WorkerPoolOptions.MaxExecutionsPerWorker"/>.</summary>
    public int? MaxExecutionsPerWorker { get; init; }

    /// <summary>As <see cref="WorkerPoolOptions.IdleTimeout"/>. With a fixed size no worker ends because it is idle.</summary>
    public TimeSpan? IdleTimeout { get; init; }
}
