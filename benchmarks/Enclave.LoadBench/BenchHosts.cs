using Enclave.Protocol;

namespace Enclave.LoadBench;

/// <summary>Creates the measured hosts. The level's preset sets the number of workers, unless the command line or the workload does.</summary>
internal sealed class BenchHosts(BenchOptions options)
{
    /// <summary>Large enough for W10 at the levels whose preset takes smaller messages.</summary>
    private const int LeastMessageBytes = 4 << 20;

    public EnclaveHost Open(int? workers = null, ToolHandler? tools = null, Scripts scripts = Scripts.Ordinary)
    {
        WorkerPoolOptions preset = WorkerPoolPresets.For(options.Level);
        EnclaveAdapter adapter = AdapterOf(Workers(workers));
        // The embedded adapter has one worker and refuses pool sizes.
        if (adapter == EnclaveAdapter.Embedded) preset = preset with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0, MaxWorkersPerTenant = 1 };
        return new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = options.Level,
            WorkerPool = preset with { MaxMessageBytes = Math.Max(preset.MaxMessageBytes, LeastMessageBytes) },
            Adapter = adapter,
            DoubleVm = options.Adapter == BenchAdapter.DoubleVm ? new DoubleVmOptions() : null,
            ToolHandler = tools ?? Echo,
            Validate = scripts == Scripts.Ordinary,
            MaxIterations = scripts == Scripts.Ordinary ? null : 1_000_000_000,
            // Isolation is only measured here: a machine without a layer still gets figures for the others.
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
    }

    /// <summary>A host that only checks scripts. Its worker would start with the first job.</summary>
    public EnclaveHost OpenJudge() => new(new EnclaveOptions
    {
        SecurityLevel = options.Level,
        Adapter = EnclaveAdapter.Embedded,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
    });

    /// <summary>The number from the command line, or else from the workload, or else null for the preset's.</summary>
    public int? Workers(int? wanted) => options.Workers ?? wanted;

    private EnclaveAdapter AdapterOf(int? workers) => (options.Adapter, workers) switch
    {
        (BenchAdapter.Embedded, _) => EnclaveAdapter.Embedded,
        (_, { } size) => EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = size }),
        _ => EnclaveAdapter.WorkerPool,
    };

    private static ValueTask<object?> Echo(string name, ScriptValue args, ToolContext context) => new(args);
}
