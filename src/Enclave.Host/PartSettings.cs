using Enclave.Fetch;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Libraries;
using Enclave.Limits;
using Enclave.Pool;
using Enclave.Tools;
using Enclave.Tools.Sequences;
using Enclave.Workers.Engines;

namespace Enclave;

/// <summary>Makes each part's settings from the host's options. Parts know only their own settings.</summary>
internal static class PartSettings
{
    public static EngineRequest OfEngine(EnclaveOptions options) =>
        new(options.Engine, options.EngineDirectory, options.SecurityLevel, options.AllowDegradedIsolation);

    public static ToolSettings OfTools(EnclaveOptions options, WorkerPoolOptions pool) => new()
    {
        Tools = options.Tools,
        Handler = options.ToolHandler,
        OnApproval = options.OnToolApproval,
        ApprovalTimeout = options.ApprovalTimeout,
        MaxPendingApprovals = options.MaxPendingApprovals ?? Math.Max(1, pool.MaxWorkers / 2),
        Secrets = options.Secrets,
        DetailedErrors = options.DetailedToolErrors,
        VerboseErrors = options.VerboseErrors,
        Clock = options.TimeProvider,
    };

    public static PoolSettings OfPool(EnclaveOptions options, WorkerPoolOptions pool, LibrarySet libraries) => new()
    {
        Sizes = pool,
        Level = options.SecurityLevel,
        MemoryLimit = options.MemoryLimit,
        Comparison = options.ResetComparison,
        Libraries = libraries,
        Clock = options.TimeProvider,
        OnWorkerRecycled = options.OnWorkerRecycled,
        OnSecurityEvent = options.OnSecurityEvent,
        OnStatsUpdate = options.OnStatsUpdate,
    };

    public static SequencePolicy? OfSequences(EnclaveOptions options, Action<SecurityEvent> report) =>
        SequencePolicy.For(Rules(options), options.Tools, options.TimeProvider, report);

    /// <param name="options">The host's options.</param>
    /// <param name="level">The level of its scripts.</param>
    /// <param name="preset">The rules.</param>
    /// <param name="libraries">The names of the libraries that scripts find as globals.</param>
    public static GuardSettings OfGuard(EnclaveOptions options, SecurityLevel level, GuardPreset preset, IReadOnlyCollection<string> libraries) => new()
    {
        Level = LevelTable.Of(level).Guard,
        Preset = preset,
        Options = options.Guard with
        {
            ProvidedGlobals = [.. options.Guard.ProvidedGlobals, .. libraries.Where((name) => MayName(name, options, level, preset))],
            // Tools for some tenants only must not appear in hints for others.
            // The handler's tools are known by the names that the operator allows.
            ToolNames =
            [
                .. options.Tools.Where((tool) => tool.IsOpenTo(null)).Select((tool) => tool.Name),
                .. options.ToolHandler is null ? [] : options.Guard.AllowedToolNames ?? [],
            ],
        },
        Checks = options.Validate ? StaticChecks.On : StaticChecks.Off,
        CacheBytes = options.GuardCacheBytes,
    };

    /// <summary>The names in <see cref="GuardOptions.AllowedToolNames"/> that no tool of the host has. Empty if a handler answers every name.</summary>
    public static IReadOnlyList<string> UnknownAllowedTools(EnclaveOptions options) =>
        options.ToolHandler is not null || options.Guard.AllowedToolNames is not { } allowed ? []
            : [.. allowed.Where((name) => !options.Tools.TryGet(name, out _)).Distinct(StringComparer.Ordinal)];

    public static ModelSubject OfModels(EnclaveOptions options) =>
        new(options.Tools.Copy(), Rules(options), [.. options.Libraries], options.Globals, options.ToolHandler is not null, options.Fetch);

    /// <summary>False for globals of fetch where scripts may not name it. The operator's own libraries have other names.</summary>
    private static bool MayName(string library, EnclaveOptions options, SecurityLevel level, GuardPreset preset)
    {
        if (options.Fetch is null || !FetchLibrary.Names.Contains(library)) return true;
        bool mayCall = options.Guard.AllowedToolNames?.Contains(FetchTool.Name, StringComparer.Ordinal) != false;
        return mayCall && FetchLibrary.NamesFor(preset, level).Count > 0;
    }

    private static SequencePolicyOptions Rules(EnclaveOptions options) => SequencePolicy.Rules(options.SequencePolicy, options.SecurityLevel);
}
