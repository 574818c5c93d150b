using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>What the options say about the host, for whichever level a job asks.</summary>
internal sealed record HostSettings
{
    public required SecurityLevel Level { get; init; }

    /// <summary>The rules that scripts are held to.</summary>
    public GuardPreset Preset { get; init; } = GuardPreset.AgentScript;

    /// <summary>Whether scripts are judged before they run.</summary>
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
            // Who may name a run's memory here also owns the machine: the worker's limit follows.
            Adapter = EnclaveAdapter.Embedded,
            WorkerPool = pool with { MinWorkers = 0, MaxWorkers = 1, MemoryLimitPerWorker = Math.Max(pool.MemoryLimitPerWorker, MemoryLimit ?? 0) },
        };
        if (MemoryLimit is { } limit) options.MemoryLimit = limit;
        return options;
    }
}
