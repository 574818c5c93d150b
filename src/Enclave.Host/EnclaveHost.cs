using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.DoubleVm;
using Enclave.Engine;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Guard.Scoring;
using Enclave.Isolation;
using Enclave.Isolation.Seccomp;
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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave;

/// <summary>The host of untrusted scripts: one per application is enough.</summary>
/// <example>
/// <code>
/// await using var enclave = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new(42) });
/// ExecutionResult result = await enclave.RunAsync("return await callTool('answer')");
/// </code>
/// </example>
public sealed partial class EnclaveHost : IEnclave
{
    /// <summary>Of a message, kept for what is not the value or the source: ids, limits, names.</summary>
    private const int MessageOverhead = 16 * 1024;

    private readonly EnclaveOptions _options;
    private readonly WorkerPoolOptions _poolOptions;
    private readonly LevelLimits _level;
    private readonly HostMemory _memory;
    private readonly WorkerPool? _pool;
    private readonly IWorkerLauncher? _launcher;
    private readonly ExecutionError? _unavailable;
    private readonly ILogger _log;
    private readonly byte[] _globals;
    private readonly IReadOnlyCollection<string> _globalNames;
    private readonly LibrarySet _libraries;
    private readonly ScriptGuard _guard;
    private readonly ScoringGate? _scoring;
    private readonly IsolationPlan _plan;
    private readonly IToolPort _tools;
    private readonly OuterVm? _outer;
    private readonly ReferenceSidecar? _sidecar;
    private readonly HostTelemetry _telemetry;
    private readonly SequencePolicy? _sequences;
    private readonly ModelDescription _models;
    private long _nextJob;
    private int _disposed;

    /// <summary>A host with these options. With a worker pool, its workers start at once.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names key, value and range.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux x64 with glibc 2.36 or newer.</exception>
    /// <exception cref="DirectoryNotFoundException">The engine or the worker is missing; the message says how to get it.</exception>
    /// <exception cref="FileNotFoundException">A library of the system is missing; the message names its Debian package.</exception>
    public EnclaveHost(EnclaveOptions? options = null, ILoggerFactory? loggerFactory = null)
        : this(options ?? new EnclaveOptions(), loggerFactory, launcher: null)
    {
    }

    internal EnclaveHost(EnclaveOptions options, ILoggerFactory? loggerFactory, IWorkerLauncher? launcher, EnclaveMetrics? metrics = null, string? name = null)
    {
        // Read on another core while this host is being made; a fault comes to whoever needs the table. The meters stay here: making them calls listeners.
        _ = Task.Run(static () => SeccompTable.Rules);
        OptionsCheck.Check(options);
        // Before anything is asked of an operating system that may be another one.
        if (launcher is null) EngineFiles.CheckPlatform();
        _options = options;
        _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(name is null ? "Enclave" : $"Enclave.{name}");
        _poolOptions = options.Adapter.Resolve(options);
        _memory = HostMemory.Of(_poolOptions, options.Sidecar.Enabled ? SidecarLimits.For(options.Sidecar, options.SecurityLevel).MaxResolvedBytes : 0);
        _level = LevelLimits.For(options.SecurityLevel);
        _globals = GlobalsEncoder.Encode(options.Globals, null);
        _libraries = LibrarySet.Of(options.Libraries, options.Globals);
        _globalNames = options.Globals is null ? [] : [.. options.Globals.Keys];
        EngineFiles? files = launcher is null ? EngineFiles.Find(options.EngineDirectory) : null;
        _plan = IsolationPlan.For(options.SecurityLevel, launcher?.Machine ?? Machine.This, options.AllowDegradedIsolation, files is null ? null : WorkerFiles.Writers(files));
        if (_plan.Missing is { Count: > 0 } missing) _unavailable = FailureText.Isolation(options.SecurityLevel, missing);
        else if (_plan.Degraded is { Count: > 0 } degraded) Log.DegradedIsolation(_log, options.SecurityLevel, string.Join(", ", degraded.Select((layer) => layer.Layer)));
        _telemetry = new HostTelemetry(options.SecurityLevel, options.Tools, metrics ?? EnclaveMetrics.Shared, name) { TracesTenants = options.TraceTenant };
        PoolSettings poolSettings = HostParts.OfPool(options, _poolOptions, _libraries);
        if (options.DoubleVm is { Enabled: true }) _outer = new OuterVm(options.DoubleVm, options.SecurityLevel, _poolOptions, NextJob, _log);
        if (_unavailable is null)
        {
            launcher ??= new JailedLauncher(files!, _level.EngineFlags, _plan, WorkerBudget.For(_poolOptions, _plan.Applies(IsolationLayer.Jitless)));
            _launcher = launcher;
            launcher.Reported = (report) => _pool!.OnSecurityEvent(report);
            _pool = new WorkerPool(poolSettings, launcher, new ResultBuilder(options.VerboseErrors, _poolOptions), _telemetry.Metrics, _log) { Outer = _outer is null ? null : () => _outer.Snapshot };
            _telemetry.Observe(_pool.GetSnapshot);
            // The first worker starts beside what follows.
            _pool.Open();
        }

        try
        {
            var level = (GuardLevel)options.SecurityLevel;
            var settings = new GuardSettings
            {
                Level = level,
                Preset = options.Preset,
                Options = options.Guard with
                {
                    ProvidedGlobals = [.. options.Guard.ProvidedGlobals, .. _libraries.Names],
                    // A tool of some tenants is nothing that others should hear of.
                    ToolNames = [.. options.Tools.Where((tool) => tool.IsOpenTo(null)).Select((tool) => tool.Name)],
                },
                Checks = options.Validate ? StaticChecks.On : StaticChecks.Off,
                CacheBytes = options.GuardCacheBytes,
            };
            _guard = new ScriptGuard(settings);
            _tools = Registry = new RegistryPort(HostParts.OfTools(options, _poolOptions), _log);
            if (options.Sidecar.Enabled) _sidecar = new ReferenceSidecar(options.Sidecar, options.SecurityLevel, _log);
            _models = new ModelDescription(HostParts.OfModels(options), settings);
            _sequences = HostParts.OfSequences(options, (report) => _pool!.OnSecurityEvent(report));
            if (options.Audit is not null) _audit = new AuditLog(options.Audit, options.SecurityLevel, options.TimeProvider, _log);
            if (options.Scoring is not null) _scoring = new ScoringGate(options.Scoring, settings, options.TimeProvider);
            if (_pool is not null) _outer?.Open(poolSettings, launcher!, _telemetry.Metrics);
            options.Tools.Close();
        }
        catch
        {
            // Nobody gets this host, so that nobody could end its workers.
            _ = StopPoolAsync();
            _telemetry.Dispose();
            throw;
        }
    }

    /// <summary>The registered tools with what is under way in them.</summary>
    internal RegistryPort Registry { get; }

    /// <summary>Is told of every run; for tests that have to know which script a worker was given.</summary>
    internal RunObserver? Watcher { get; init; }

    /// <inheritdoc/>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default) => RunAsync(code, options, RunSeams.None, cancellationToken);

    /// <inheritdoc/>
    public ValidationResult Validate(string code, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _guard.Validate(code, GlobalNames(options), options?.Tenant, ScriptLanguages.Of(options));
    }

    /// <inheritdoc/>
    public ScoreResult Score(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return RuleBasedScorer.Score(code);
    }

    /// <inheritdoc/>
    public Task<ScriptValue?> OpenReferenceAsync(string token, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _sidecar?.OpenAsync(token, tenant, cancellationToken) ?? throw new InvalidOperationException("the host has no sidecar: EnclaveOptions.Sidecar.Enabled is false");
    }

    /// <inheritdoc/>
    public string DescribeForModel(ModelTextFormat format = ModelTextFormat.TypeScript, RunOptions? options = null)
    {
        if (options is not null) OptionsCheck.Check(options, _poolOptions);
        return _models.Of(format, Limits(options), options);
    }

    /// <inheritdoc/>
    public PoolSnapshot GetSnapshot()
    {
        PoolSnapshot snapshot = _pool?.GetSnapshot() ?? new PoolSnapshot();
        return _audit is null ? snapshot : snapshot with { AuditWaiting = _audit.Waiting, AuditDropped = _audit.Dropped, AuditFailing = _audit.IsFailing };
    }

    /// <inheritdoc/>
    public IsolationReport GetIsolationReport() => IsolationReporter.Report(_plan, _pool?.GetIsolation() ?? [], Engine) with { OuterWorkers = _outer?.Workers ?? [] };

    /// <summary>Why no script can run, in words; null when they can.</summary>
    internal string? CannotRun
    {
        get
        {
            if (Volatile.Read(ref _disposed) != 0) return "the host is disposed";
            return _pool is null ? _unavailable!.Message : _pool.BrokenBy is ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed ? GetSnapshot().LastStartFailure : null;
        }
    }

    /// <summary>Mandatory layers that scripts run without, as the operator accepted.</summary>
    internal IReadOnlyCollection<IsolationLayer> AcceptedLosses => [.. _plan.Degraded.Select((layer) => layer.Layer)];

    /// <summary>Completes when the workers that are always kept are ready.</summary>
    /// <exception cref="InvalidOperationException">They cannot start, a mandatory layer of the level is missing, or the tool policy does not run.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        if (_pool is null) return Task.FromException(new InvalidOperationException(_unavailable!.Message));
        return _outer is null ? _pool.WarmUpAsync(cancellationToken) : Task.WhenAll(_pool.WarmUpAsync(cancellationToken), _outer.WarmUpAsync(Limits(null), cancellationToken));
    }

    /// <summary>Refuses new jobs, lets running ones end within <see cref="WorkerPoolOptions.GracefulShutdownTimeout"/>, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, 1);
        if (_pool is not null) await _pool.DisposeAsync().ConfigureAwait(false);
        if (_outer is not null) await _outer.DisposeAsync().ConfigureAwait(false);
        if (_launcher is not null) await _launcher.StopAsync().ConfigureAwait(false);
        if (_sidecar is not null) await _sidecar.DisposeAsync().ConfigureAwait(false);
        if (_audit is not null) await _audit.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    private async Task StopPoolAsync()
    {
        if (_pool is not null) await _pool.DisposeAsync().ConfigureAwait(false);
        if (_launcher is not null) await _launcher.StopAsync().ConfigureAwait(false);
    }

    private IReadOnlyCollection<string> GlobalNames(RunOptions? options) =>
        options?.Globals is { Count: > 0 } own ? [.. _globalNames.Concat(own.Keys).Distinct(StringComparer.Ordinal)] : _globalNames;
}
