namespace Enclave;

/// <summary>Where scripts run.</summary>
public sealed class EnclaveAdapter
{
    private readonly Func<EnclaveOptions, WorkerPoolOptions> _resolve;

    private EnclaveAdapter(string name, Func<EnclaveOptions, WorkerPoolOptions> resolve)
    {
        Name = name;
        _resolve = resolve;
    }

    /// <summary>
    /// One private worker process, started on first use: nothing to deploy and nothing to size. The default of a host that no container makes and that has no
    /// <see cref="EnclaveOptions.WorkerPool"/>.
    /// </summary>
    public static EnclaveAdapter Embedded { get; } = new("embedded", static (options) => Pool(options) with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0 });

    /// <summary>The pool of <see cref="EnclaveOptions.WorkerPool"/>, or else the preset of the level.</summary>
    public static EnclaveAdapter WorkerPool { get; } = new("worker-pool", Pool);

    /// <summary>The adapter's documented name.</summary>
    public string Name { get; }

    /// <summary>A pool of a fixed size.</summary>
    public static EnclaveAdapter CreateWorkerPool(PoolAdapterOptions pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return new("worker-pool", (options) =>
        {
            WorkerPoolOptions preset = Pool(options);
            return preset with
            {
                MinWorkers = pool.PoolSize ?? preset.MinWorkers,
                MaxWorkers = pool.PoolSize ?? preset.MaxWorkers,
                SpareWorkers = Math.Min(preset.SpareWorkers, pool.PoolSize ?? preset.MaxWorkers),
                MemoryLimitPerWorker = pool.MaxWorkerMemory ?? preset.MemoryLimitPerWorker,
                MaxExecutionsPerWorker = pool.MaxExecutionsPerWorker ?? preset.MaxExecutionsPerWorker,
                IdleTimeout = pool.IdleTimeout ?? preset.IdleTimeout,
            };
        });
    }

    internal WorkerPoolOptions Resolve(EnclaveOptions options) => _resolve(options);

    private static WorkerPoolOptions Pool(EnclaveOptions options) => options.WorkerPool ?? WorkerPoolPresets.For(options.SecurityLevel);
}
