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

    /// <summary>Each setting with the one of a pool that it replaces.</summary>
    internal static (string Adapter, string Pool)[] InPlaceOf { get; } =
    [
        (nameof(PoolSize), nameof(WorkerPoolOptions.MinWorkers)),
        (nameof(PoolSize), nameof(WorkerPoolOptions.MaxWorkers)),
        (nameof(MaxWorkerMemory), nameof(WorkerPoolOptions.MemoryLimitPerWorker)),
        (nameof(MaxExecutionsPerWorker), nameof(WorkerPoolOptions.MaxExecutionsPerWorker)),
        (nameof(IdleTimeout), nameof(WorkerPoolOptions.IdleTimeout)),
    ];

    /// <summary>The setting that replaces this one of the pool; null for none.</summary>
    internal static string? Replacing(string pool) => InPlaceOf.FirstOrDefault((same) => same.Pool == pool).Adapter;
}
