using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Guard.Scoring;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>The host of untrusted scripts. One per application is enough.</summary>
/// <example>
/// <code>
/// await using var enclave = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new(42) });
/// ExecutionResult result = await enclave.RunAsync("return await callTool('answer')");
/// </code>
/// </example>
public sealed partial class EnclaveHost : IEnclave, IDisposable
{
    private readonly HostParts _parts;
    private int _disposed;

    /// <summary>Creates a host with these options. A worker pool starts its workers at once.</summary>
    /// <exception cref="ArgumentException">An option is out of its range. The message names key, value and range.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux x64 with glibc 2.36 or newer.</exception>
    /// <exception cref="DirectoryNotFoundException">The engine or the worker is missing; the message says how to get it.</exception>
    /// <exception cref="FileNotFoundException">A library of the system is missing. The message names its Debian package.</exception>
    public EnclaveHost(EnclaveOptions? options = null, ILoggerFactory? loggerFactory = null)
        : this(options ?? new EnclaveOptions(), loggerFactory, launcher: null)
    {
    }

    internal EnclaveHost(EnclaveOptions options, ILoggerFactory? loggerFactory, IWorkerLauncher? launcher, EnclaveMetrics? metrics = null, string? name = null)
    {
        _parts = new HostParts(options, loggerFactory, launcher, metrics, name);
    }

    HostParts IEnclave.Parts => _parts;

    /// <summary>The registered tools, with their running calls.</summary>
    internal ToolRegistry Registry => _parts.Tools.Registry;

    /// <summary>Notified of every run, for tests that need to know which script a worker got.</summary>
    internal IRunObserver? Watcher
    {
        init => _parts.Pipeline.Watcher = value;
    }

    /// <inheritdoc/>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(code, options, RunHooks.None, cancellationToken);

    /// <summary>Runs a script with observers or tools of the run.</summary>
    internal Task<ExecutionResult> RunAsync(string code, RunOptions? options, RunHooks hooks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return RunFeatures.Run(_parts, code, options, cancellationToken) ?? _parts.Pipeline.RunAsync(code, options, hooks, cancellationToken);
    }

    /// <inheritdoc/>
    public ValidationResult Validate(string code, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _parts.Examiner.Validate(code, _parts.Settings.GlobalNamesOf(options), options);
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
        return _parts.Tools.Sidecar?.OpenAsync(token, tenant, cancellationToken)
            ?? throw new InvalidOperationException("the host has no sidecar: EnclaveOptions.Sidecar.Enabled is false");
    }

    /// <inheritdoc/>
    public PoolSnapshot GetSnapshot()
    {
        PoolSnapshot snapshot = _parts.Workers.GetSnapshot();
        return _parts.Records.Audit is not { } audit ? snapshot
            : snapshot with { AuditWaiting = audit.Waiting, AuditDropped = audit.Dropped, AuditFailing = audit.IsFailing };
    }

    /// <inheritdoc/>
    public IsolationReport GetIsolationReport() => _parts.Workers.GetIsolationReport();

    /// <summary>Why no script can run; null if scripts can run.</summary>
    internal string? CannotRun => Volatile.Read(ref _disposed) != 0 ? "the host is disposed" : _parts.Workers.CannotRun;

    /// <summary>Runs that the gate has refused, by their error codes.</summary>
    internal IReadOnlyDictionary<ErrorCode, long> RefusedByGate =>
        _parts.Settings.Options.Gate?.Refused ?? System.Collections.Immutable.ImmutableDictionary<ErrorCode, long>.Empty;

    /// <summary>Memory that its workers hold beside the files of the engine, in bytes.</summary>
    internal long WorkerBytes => _parts.Workers.Pool?.WorkerBytes ?? 0;

    /// <summary>The most wall time of a run with these options.</summary>
    internal TimeSpan LongestRun(RunOptions? options) => Linux.Clock.Time(_parts.Settings.Limits.Of(options).TimeoutMicroseconds);

    /// <summary>Mandatory layers that are missing with the operator's permission.</summary>
    internal IReadOnlyCollection<IsolationLayer> AcceptedLosses => _parts.Workers.AcceptedLosses;

    /// <summary>Completes when the permanent workers are ready.</summary>
    /// <exception cref="InvalidOperationException">Workers cannot start, a mandatory layer of the
    /// level is missing, or the tool policy does not run.</exception>
    /// <exception cref="ObjectDisposedException">The host is disposed, or being disposed.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken = default) =>
        _parts.Workers.WarmUpAsync(_parts.Settings.Limits.Of(null), cancellationToken);

    /// <summary>
    /// Refuses new jobs, lets running ones end within <see cref="WorkerPoolOptions.GracefulShutdownTimeout"/>, kills the rest, and reaps every process.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, 1);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// As <see cref="DisposeAsync"/>, for owners that cannot await: it waits <see cref="WorkerPoolOptions.GracefulShutdownTimeout"/> and 30 s at most, and
    /// throws nothing.
    /// </summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], _parts.Settings.Sizes.GracefulShutdownTimeout + TimeSpan.FromSeconds(30));
}
