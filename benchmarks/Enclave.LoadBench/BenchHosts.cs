using Enclave.Protocol;

namespace Enclave.LoadBench;

/// <summary>Makes the hosts that are measured: the level's preset unless the command line or the workload says how many workers.</summary>
internal sealed class BenchHosts(BenchOptions options)
{
    /// <summary>Room for W10 at the levels whose preset takes smaller messages.</summary>
    private const int LeastMessageBytes = 4 << 20;

    public EnclaveHost Open(int? workers = null, ToolHandler? tools = null, Scripts scripts = Scripts.Ordinary)
    {
        WorkerPoolOptions preset = WorkerPoolPresets.For(options.Level);
        EnclaveAdapter adapter = AdapterOf(Workers(workers));
        // The embedded adapter has one worker, and refuses the sizes of a pool.
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
            // Only measured: a machine that refuses a layer still has a figure for what it does not refuse.
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
    }

    /// <summary>A host that only judges scripts: its worker would start with the first job.</summary>
    public EnclaveHost OpenJudge() => new(new EnclaveOptions
    {
        SecurityLevel = options.Level,
        Adapter = EnclaveAdapter.Embedded,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
    });

    /// <summary>The command line's number, else the workload's, else null for the preset's.</summary>
    public int? Workers(int? wanted) => options.Workers ?? wanted;

    private EnclaveAdapter AdapterOf(int? workers) => (options.Adapter, workers) switch
    {
        (BenchAdapter.Embedded, _) => EnclaveAdapter.Embedded,
        (_, { } size) => EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = size }),
        _ => EnclaveAdapter.WorkerPool,
    };

    private static ValueTask<object?> Echo(string name, ScriptValue args, ToolContext context) => new(args);
}
