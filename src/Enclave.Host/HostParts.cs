using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Guard.Scoring;
using Enclave.Limits;
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
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, object> _others = [];
    private bool _isClosed;

    /// <param name="options">The options.</param>
    /// <param name="loggers">Creates the host's loggers; null for no logs.</param>
    /// <param name="launcher">Starts the workers; null for the engine's own.</param>
    /// <param name="metrics">The meter; null for the common one of all hosts without a name.</param>
    /// <param name="name">The name of the host; null for none.</param>
    public HostParts(EnclaveOptions options, ILoggerFactory? loggers, IWorkerLauncher? launcher, EnclaveMetrics? metrics, string? name)
    {
        OptionsCheck.Check(options);
        // Choose the engine first, because its files may be missing here.
        var engine = HostEngine.Choose(PartSettings.OfEngine(options), launcher);
        var logs = HostLogs.Of(loggers, name);
        Logger = logs.Host;
        var ids = new RunIds();
        Settings = new ResolvedOptions(options);
        var telemetry = new HostTelemetry(options.SecurityLevel, options.Tools, metrics ?? EnclaveMetrics.Shared, name) { TracesTenants = options.TraceTenant };
        // The first worker starts in parallel with the code below.
        Workers = new HostWorkers(engine, Settings, telemetry, ids, logs.Host);
        try
        {
            LogUnknownTools(options, logs.Host);
            LogMoreMemoryThanThere(options, logs.Host);
            Tools = MakeTools(options, logs.Host);
            Rules = new HostRules(Settings, Tools.Registry);
            ToolsValue = new ToolsValue(Rules, Settings);
            Examiner = new ScriptExaminer(Rules, Tools, ToolsValue);
            AuditLog? audit = options.Audit is null ? null : new AuditLog(options.Audit, ids.Host, options.SecurityLevel, options.TimeProvider, logs.Host);
            Records = new RunRecords(ids, telemetry, audit);
            Pipeline = MakePipeline(logs);
            foreach (IRunFeature feature in RunFeatures.Of(options)) feature.Begin(this);
            Workers.OpenOuter();
            options.Tools.Close();
        }
        catch
        {
            // The constructor fails, so no caller could end the workers later.
            _ = Workers.DisposeAsync().AsTask();
            telemetry.Dispose();
            throw;
        }
    }

    /// <summary>The host's log.</summary>
    public ILogger Logger { get; }

    public ResolvedOptions Settings { get; }

    public HostWorkers Workers { get; }

    public HostRules Rules { get; }

    public HostTools Tools { get; }

    public ToolsValue ToolsValue { get; }

    public ScriptExaminer Examiner { get; }

    public RunRecords Records { get; }

    public RunPipeline Pipeline { get; }

    /// <summary>True once the host is disposed, or being disposed.</summary>
    public bool IsDisposed
    {
        get
        {
            lock (_gate) return _isClosed;
        }
    }

    /// <summary>A part that a project above the host makes when it is first asked for.</summary>
    public T Of<T>(Func<HostParts, T> make)
        where T : class
    {
        lock (_gate)
        {
            if (_others.TryGetValue(typeof(T), out object? made)) return (T)made;
            T part = make(this);
            _others.Add(typeof(T), part);
            if (_isClosed && part is IFeaturePart late) late.Close();
            return part;
        }
    }

    /// <summary>Refuses new jobs, lets running ones end, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        IFeaturePart[] parts;
        lock (_gate)
        {
            _isClosed = true;
            parts = [.. _others.Values.OfType<IFeaturePart>()];
        }

        foreach (IFeaturePart part in parts) part.Close();
        await Workers.DisposeAsync().ConfigureAwait(false);
        foreach (IFeaturePart part in parts) await part.EndAsync(Settings.Sizes.GracefulShutdownTimeout).ConfigureAwait(false);
        if (Tools.Sidecar is not null) await Tools.Sidecar.DisposeAsync().ConfigureAwait(false);
        if (Records.Audit is not null) await Records.Audit.DisposeAsync().ConfigureAwait(false);
        Records.Telemetry.Dispose();
    }

    private HostTools MakeTools(EnclaveOptions options, ILogger log)
    {
        var registry = new ToolRegistry(PartSettings.OfTools(options, Settings.Sizes), log);
        ReferenceSidecar? sidecar = options.Sidecar.Enabled ? new ReferenceSidecar(options.Sidecar, options.SecurityLevel, log) : null;
        SequencePolicy? sequences = PartSettings.OfSequences(options, (report) => Workers.Pool!.OnSecurityEvent(report));
        return new HostTools(registry, sequences, Workers.Outer, sidecar, this);
    }

    private RunPipeline MakePipeline(HostLogs logs)
    {
        EnclaveOptions options = Settings.Options;
        var unstarted = new UnstartedRuns(logs.Runs);
        if (Workers.Pool is not { } pool) return new RunPipeline(this, unstarted, steps: null, Workers.Unavailable);
        var large = new ExaminationQueue(Settings.Sizes, options.TimeProvider, pool.GetSnapshot);
        ScoringQueue? scoring = options.Scoring is null ? null : new ScoringQueue(
            new ScoringGate(options.Scoring, Rules.Own.Settings, options.TimeProvider) { Patience = Settings.Sizes.QueueTimeout }, Settings, pool.GetSnapshot);
        var submission = new JobSubmission(Settings, pool, Tools, unstarted, logs);
        var steps = new RunSteps(Settings, Examiner, ToolsValue, large, scoring, submission, unstarted);
        return new RunPipeline(this, unstarted, steps, unavailable: null);
    }

    private void LogMoreMemoryThanThere(EnclaveOptions options, ILogger log)
    {
        WorkerPoolOptions preset = WorkerPoolPresets.For(options.SecurityLevel);
        if (Settings.Sizes.MaxWorkers <= preset.MaxWorkers && Settings.Sizes.MemoryLimitPerWorker <= preset.MemoryLimitPerWorker) return;
        long most = (Settings.Sizes.MaxWorkers * Settings.Sizes.MemoryLimitPerWorker) >> 20, there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        if (most > there) Log.MoreMemoryThanThere(log, Settings.Sizes.MaxWorkers, Settings.Sizes.MemoryLimitPerWorker >> 20, most, there);
    }

    private static void LogUnknownTools(EnclaveOptions options, ILogger log)
    {
        if (PartSettings.UnknownAllowedTools(options) is { Count: > 0 } unknown) Log.UnknownAllowedTools(log, LogText.Detail(string.Join(", ", unknown)));
    }
}
