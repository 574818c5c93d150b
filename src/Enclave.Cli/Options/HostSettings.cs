using Enclave.Tenants;

namespace Enclave.Cli.Options;

/// <summary>The settings of the host from the command line, for the level of any job.</summary>
internal sealed record HostSettings
{
    public required SecurityLevel Level { get; init; }

    /// <summary>Limits of its runs, and the preset of rules for their scripts.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>True if scripts are examined before they run.</summary>
    public bool Validate { get; init; } = true;

    public bool VerboseErrors { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    public IReadOnlyList<Library> Libraries { get; init; } = [];

    /// <summary>Null for no fetch.</summary>
    public FetchOptions? Fetch { get; init; }

    /// <summary>Judge its runs; null for none.</summary>
    public EnclaveTenants? Tenants { get; init; }

    public EnclaveOptions ToOptions(SecurityLevel level, ToolHandler? tools)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Validate = Validate,
            VerboseErrors = VerboseErrors,
            AllowDegradedIsolation = AllowDegradedIsolation,
            Libraries = Libraries,
            Fetch = Fetch,
            ToolHandler = tools,
            Adapter = EnclaveAdapter.Embedded,
            WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 0, MaxWorkers = 1 },
        };
        Limits.ApplyTo(options);
        if (Tenants is not null) options.UseTenants(Tenants);
        return options;
    }
}
