using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Guard.Scoring;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;
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
    private readonly HostParts _parts;
    private readonly RunPipeline _pipeline;
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
        _parts = new HostParts(options, loggerFactory, launcher, metrics, name);
        _pipeline = new RunPipeline(_parts);
    }

    /// <summary>The registered tools with what is under way in them.</summary>
    internal RegistryPort Registry => _parts.Registry;

    /// <summary>Is told of every run; for tests that have to know which script a worker was given.</summary>
    internal RunObserver? Watcher
    {
        init => _pipeline.Watcher = value;
    }

    /// <inheritdoc/>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default) => RunAsync(code, options, RunHooks.None, cancellationToken);

    /// <summary>As the public one, for a run that is watched, or has tools of its own.</summary>
    internal Task<ExecutionResult> RunAsync(string code, RunOptions? options, RunHooks seams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _pipeline.RunAsync(code, options, seams, cancellationToken);
    }

    /// <summary>Runs a recording again: the same script with the same globals, limits, time and randomness, its tools answered from the recording in the recorded order. No tool is called.</summary>
    /// <param name="recording">The recording, which nobody need trust.</param>
    /// <param name="cancellationToken">Ends the replay; the task is then cancelled.</param>
    /// <returns>Whether the run did the same, or the first thing it did differently.</returns>
    /// <exception cref="ArgumentException">A limit of the recording is out of this host's range, a global has a name that no global may have, or the host has other libraries than the recording names.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <remarks>
    /// A script that waits for less or other calls than it did is only found out when its time is up. What time or chance decided in the recorded run (TIMEOUT, memory, a full queue, a cancel) need not come out again.
    /// </remarks>
    public Task<ReplayReport> ReplayAsync(ExecutionRecording recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _pipeline.ReplayAsync(recording, cancellationToken);
    }

    /// <inheritdoc/>
    public ValidationResult Validate(string code, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _parts.Guard.Validate(code, _pipeline.GlobalNames(options), options?.Tenant, ScriptLanguages.Of(options));
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
        return _parts.Sidecar?.OpenAsync(token, tenant, cancellationToken) ?? throw new InvalidOperationException("the host has no sidecar: EnclaveOptions.Sidecar.Enabled is false");
    }

    /// <inheritdoc/>
    public string DescribeForModel(ModelTextFormat format = ModelTextFormat.TypeScript, RunOptions? options = null)
    {
        if (options is not null) OptionsCheck.Check(options, _parts.Sizes);
        return _parts.Models.Of(format, _parts.Limits.Of(options), options);
    }

    /// <inheritdoc/>
    public PoolSnapshot GetSnapshot()
    {
        PoolSnapshot snapshot = _parts.Pool?.GetSnapshot() ?? new PoolSnapshot();
        return _parts.Audit is null ? snapshot : snapshot with { AuditWaiting = _parts.Audit.Waiting, AuditDropped = _parts.Audit.Dropped, AuditFailing = _parts.Audit.IsFailing };
    }

    /// <inheritdoc/>
    public IsolationReport GetIsolationReport() => IsolationReporter.Report(_parts.Plan, _parts.Pool?.GetIsolation() ?? [], _parts.Engine) with { OuterWorkers = _parts.Outer?.Workers ?? [] };

    /// <summary>Why no script can run, in words; null when they can.</summary>
    internal string? CannotRun
    {
        get
        {
            if (Volatile.Read(ref _disposed) != 0) return "the host is disposed";
            return _parts.Pool is null ? _parts.Unavailable!.Message : _parts.Pool.BrokenBy is ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed ? GetSnapshot().LastStartFailure : null;
        }
    }

    /// <summary>Mandatory layers that scripts run without, as the operator accepted.</summary>
    internal IReadOnlyCollection<IsolationLayer> AcceptedLosses => [.. _parts.Plan.Degraded.Select((layer) => layer.Layer)];

    /// <summary>Completes when the workers that are always kept are ready.</summary>
    /// <exception cref="InvalidOperationException">They cannot start, a mandatory layer of the level is missing, or the tool policy does not run.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        if (_parts.Pool is null) return Task.FromException(new InvalidOperationException(_parts.Unavailable!.Message));
        return _parts.Outer is null ? _parts.Pool.WarmUpAsync(cancellationToken) : Task.WhenAll(_parts.Pool.WarmUpAsync(cancellationToken), _parts.Outer.WarmUpAsync(_parts.Limits.Of(null), cancellationToken));
    }

    /// <summary>Refuses new jobs, lets running ones end within <see cref="WorkerPoolOptions.GracefulShutdownTimeout"/>, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, 1);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }
}
