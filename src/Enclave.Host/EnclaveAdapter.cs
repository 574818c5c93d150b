namespace Enclave;

/// <summary>The workers that a host runs scripts in.</summary>
public sealed class EnclaveAdapter
{
    private readonly Func<EnclaveOptions, WorkerPoolOptions> _resolve;

    private EnclaveAdapter(string name, Func<EnclaveOptions, WorkerPoolOptions> resolve)
    {
        Name = name;
        _resolve = resolve;
    }

    /// <summary>
    /// One private worker process, started on first use: nothing to deploy and nothing to size. Runs go one after the other. The default of a host that is
    /// created without a container and without <see cref="EnclaveOptions.WorkerPool"/>.
    /// </summary>
    public static EnclaveAdapter Embedded { get; } = new(
        "embedded", static (options) => Pool(options) with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0 });

    /// <summary>The pool of <see cref="EnclaveOptions.WorkerPool"/>, or else of the level's preset.</summary>
    public static EnclaveAdapter WorkerPool { get; } = new("worker-pool", Pool);

    /// <summary>The adapter's documented name.</summary>
    public string Name { get; }

    /// <summary>Creates an adapter with a pool of fixed size.</summary>
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
