using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>The settings of the host from the command line, for the level of any job.</summary>
internal sealed record HostSettings
{
    public required SecurityLevel Level { get; init; }

    /// <summary>The preset of rules for scripts.</summary>
    public GuardPreset Preset { get; init; } = GuardPreset.AgentScript;

    /// <summary>True if scripts are examined before they run.</summary>
    public bool Validate { get; init; } = true;

    public TimeSpan? Timeout { get; init; }

    public long? MemoryLimit { get; init; }

    public int? MaxToolCalls { get; init; }

    public int? MaxIterations { get; init; }

    public bool VerboseErrors { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    public IReadOnlyList<Library> Libraries { get; init; } = [];

    public EnclaveOptions ToOptions(SecurityLevel level, ToolHandler? tools)
    {
        WorkerPoolOptions pool = WorkerPoolPresets.For(level);
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Preset = Preset,
            Validate = Validate,
            Timeout = Timeout,
            MaxToolCalls = MaxToolCalls,
            MaxIterations = MaxIterations,
            VerboseErrors = VerboseErrors,
            AllowDegradedIsolation = AllowDegradedIsolation,
            Libraries = Libraries,
            ToolHandler = tools,
            // The user who sets a run's memory limit also owns the machine, so the worker's limit follows it.
            Adapter = EnclaveAdapter.Embedded,
            WorkerPool = pool with { MinWorkers = 0, MaxWorkers = 1, MemoryLimitPerWorker = Math.Max(pool.MemoryLimitPerWorker, MemoryLimit ?? 0) },
        };
        if (MemoryLimit is { } limit) options.MemoryLimit = limit;
        return options;
    }
}
