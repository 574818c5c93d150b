using System.Globalization;
using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.DoubleVm;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Guard.Scoring;
using Enclave.Isolation;
using Enclave.Libraries;
using Enclave.Limits;
using Enclave.Models;
using Enclave.Pool;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Sidecar;
using Enclave.Telemetry;
using Enclave.Tools;
using Enclave.Tools.Sequences;
using Enclave.Workers;
using Enclave.Workers.Engines;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>The parts of one host. They are created in one order and ended in another.</summary>
internal sealed class HostParts : IAsyncDisposable
{
    private const int IdDigitsOfRuns = 16;

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly IWorkerLauncher? _launcher;
    private long _nextJob;

    /// <param name="options">The options.</param>
    /// <param name="loggers">Creates the host's loggers; null for no logs.</param>
    /// <param name="launcher">Starts the workers; null for the engine's own.</param>
    /// <param name="metrics">The meter; null for the common one of all hosts without a name.</param>
    /// <param name="name">The name of the host; null for none.</param>
    public HostParts(EnclaveOptions options, ILoggerFactory? loggers, IWorkerLauncher? launcher, EnclaveMetrics? metrics, string? name)
    {
        OptionsCheck.Check(options);
        // Before anything else: its engine may be missing here.
        Engine = HostEngine.Choose(PartSettings.OfEngine(options), launcher);
        Options = options;
        Log = SafeLogger.Of(loggers).CreateLogger(name is null ? "Enclave" : $"Enclave.{name}");
        Runs = SafeLogger.Of(loggers).CreateLogger(name is null ? "Enclave.Runs" : $"Enclave.Runs.{name}");
        Sizes = options.Adapter.Resolve(options);
        Memory = HostMemory.Of(Sizes, options.Sidecar.Enabled ? SidecarLimits.For(options.Sidecar, options.SecurityLevel).MaxResolvedBytes : 0);
        Level = LevelLimits.For(options.SecurityLevel);
        Limits = new EffectiveLimits(options, Sizes, Level);
        Globals = GlobalsEncoder.Encode(options.Globals, null);
        Libraries = LibrarySet.Of(options.Libraries, options.Globals);
        GlobalNames = options.Globals is null ? [] : [.. options.Globals.Keys];
        if (Plan.Missing.Count > 0) Unavailable = FailureText.Isolation(Plan);
        else if (Plan.Degraded is { Count: > 0 } degraded) LogLosses(degraded);
        // After the plan, which fails where the engine's files are missing: nobody would dispose it.
        Telemetry = new HostTelemetry(options.SecurityLevel, options.Tools, metrics ?? EnclaveMetrics.Shared, name) { TracesTenants = options.TraceTenant };
        PoolSettings poolSettings = PartSettings.OfPool(options, Sizes, Libraries);
        if (options.DoubleVm is { Enabled: true }) Outer = new OuterVm(options.DoubleVm, options.SecurityLevel, Sizes, NextJob, Log);
        if (Unavailable is null)
        {
            _launcher = Engine.Launch(Sizes);
            Pool = new WorkerPool(poolSettings, _launcher, new ResultBuilder(options.VerboseErrors, Sizes), Telemetry.Metrics, Log)
            {
                Outer = Outer is null ? null : () => Outer.Snapshot,
            };
            _launcher.ReportTo(Pool);
            Telemetry.Observe(Pool.GetSnapshot);
            // The first worker starts in parallel with the code below.
            Pool.Open();
        }

        try
        {
            GuardSettings settings = PartSettings.OfGuard(options, options.SecurityLevel, Libraries.Names);
            Guard = new ScriptGuard(settings);
            if (PartSettings.UnknownAllowedTools(options) is { Count: > 0 } unknown)
                Diagnostics.Log.UnknownAllowedTools(Log, LogText.Detail(string.Join(", ", unknown)));
            Registry = new ToolRegistry(PartSettings.OfTools(options, Sizes), Log);
            if (options.Sidecar.Enabled) Sidecar = new ReferenceSidecar(options.Sidecar, options.SecurityLevel, Log);
            Models = new ModelDescription(PartSettings.OfModels(options), settings);
            Sequences = PartSettings.OfSequences(options, (report) => Pool!.OnSecurityEvent(report));
            if (options.Audit is not null) Audit = new AuditLog(options.Audit, _id, options.SecurityLevel, options.TimeProvider, Log);
            if (options.Scoring is not null) Scoring = new ScoringGate(options.Scoring, settings, options.TimeProvider) { Patience = Sizes.QueueTimeout };
            if (Pool is not null) Outer?.Open(poolSettings, _launcher!, Telemetry.Metrics);
            options.Tools.Close();
        }
        catch
        {
            // The constructor fails, so nobody else could end the workers.
            _ = StopPoolAsync();
            Telemetry.Dispose();
            throw;
        }
    }

    public EnclaveOptions Options { get; }

    /// <summary>The sizes of the pool, after the adapter is applied.</summary>
    public WorkerPoolOptions Sizes { get; }

    public LevelLimits Level { get; }

    /// <summary>The limits of runs.</summary>
    public EffectiveLimits Limits { get; }

    public HostMemory Memory { get; }

    /// <summary>Why no script can run on this machine; null if scripts can run.</summary>
    public ExecutionError? Unavailable { get; }

    /// <summary>Null if no script can run.</summary>
    public WorkerPool? Pool { get; }

    public ILogger Log { get; }

    /// <summary>The log of failed runs, with a category of its own: there may be many.</summary>
    public ILogger Runs { get; }

    /// <summary>The host's globals in encoded form.</summary>
    public byte[] Globals { get; }

    public IReadOnlyCollection<string> GlobalNames { get; }

    public LibrarySet Libraries { get; }

    public ScriptGuard Guard { get; }

    public ScoringGate? Scoring { get; }

    public HostEngine Engine { get; }

    public IsolationPlan Plan => Engine.Plan;

    /// <summary>The registered tools, with their running calls.</summary>
    public ToolRegistry Registry { get; }

    public OuterVm? Outer { get; }

    public ReferenceSidecar? Sidecar { get; }

    public HostTelemetry Telemetry { get; }

    public SequencePolicy? Sequences { get; }

    public ModelDescription Models { get; }

    public AuditLog? Audit { get; }

    public ulong NextJob() => (ulong)Interlocked.Increment(ref _nextJob);

    /// <summary>The id of a run without one of its caller's. No other host gives it: its random digits are the first ones of the audit's <c>host</c>.</summary>
    public string RunId(ulong job) => string.Create(CultureInfo.InvariantCulture, $"{_id.AsSpan(0, IdDigitsOfRuns)}-{job}");

    /// <summary>Refuses new jobs, lets running ones end, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Pool is not null) await Pool.DisposeAsync().ConfigureAwait(false);
        if (Outer is not null) await Outer.DisposeAsync().ConfigureAwait(false);
        if (_launcher is not null) await _launcher.StopAsync().ConfigureAwait(false);
        if (Sidecar is not null) await Sidecar.DisposeAsync().ConfigureAwait(false);
        if (Audit is not null) await Audit.DisposeAsync().ConfigureAwait(false);
        Telemetry.Dispose();
    }

    private void LogLosses(IReadOnlyList<LayerPlan> degraded)
    {
        string layers = string.Join(", ", degraded.Select((layer) => layer.Layer));
        if (Plan.IsPortable) Diagnostics.Log.PortableEngine(Log, Plan.Level, layers);
        else Diagnostics.Log.DegradedIsolation(Log, Plan.Level, layers);
    }

    private async Task StopPoolAsync()
    {
        if (Pool is not null) await Pool.DisposeAsync().ConfigureAwait(false);
        if (_launcher is not null) await _launcher.StopAsync().ConfigureAwait(false);
    }
}
