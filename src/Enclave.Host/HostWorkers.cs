using Enclave.Diagnostics;
using Enclave.DoubleVm;
using Enclave.Isolation;
using Enclave.Pool;
using Enclave.Protocol.Messages;
using Enclave.Queues;
using Enclave.Runs;
using Enclave.Telemetry;
using Enclave.Workers;
using Enclave.Workers.Engines;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>The workers of a host: its engine, the pool, and the outer isolates of a double VM.</summary>
internal sealed class HostWorkers : IAsyncDisposable
{
    private readonly PoolSettings _settings;
    private readonly HostTelemetry _telemetry;
    private readonly IWorkerLauncher? _launcher;

    /// <summary>Opens the pool, if a script can run on this machine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">The host's options.</param>
    /// <param name="telemetry">Measures the pool.</param>
    /// <param name="ids">Numbers the jobs of outer isolates.</param>
    /// <param name="log">The host's log.</param>
    public HostWorkers(HostEngine engine, ResolvedOptions settings, HostTelemetry telemetry, RunIds ids, ILogger log)
    {
        EnclaveOptions options = settings.Options;
        (Engine, _telemetry) = (engine, telemetry);
        _settings = PartSettings.OfPool(options, settings.Sizes, settings.Libraries);
        // The plan fails where the engine's files are missing.
        if (Plan.Missing.Count > 0) Unavailable = FailureText.Isolation(Plan);
        else if (Plan.Degraded is { Count: > 0 } degraded) LogLosses(degraded, log);
        if (options.DoubleVm is { Enabled: true } outer) Outer = new OuterVm(outer, options.SecurityLevel, settings.Sizes, ids.NextJob, log);
        if (Unavailable is not null) return;
        _launcher = Engine.Launch(settings.Sizes.Bounds);
        Pool = new WorkerPool(_settings, _launcher, new ResultBuilder(options.VerboseErrors, settings.Sizes), telemetry.Metrics, log)
        {
            Outer = Outer is null ? null : () => Outer.Snapshot,
        };
        _launcher.ReportTo(Pool);
        telemetry.Observe(Pool.GetSnapshot);
        Pool.Open();
    }

    public HostEngine Engine { get; }

    /// <summary>Null if no script can run.</summary>
    public WorkerPool? Pool { get; }

    /// <summary>Why no script can run on this machine; null if scripts can run.</summary>
    public ExecutionError? Unavailable { get; }

    /// <summary>The outer isolates; null without a double VM.</summary>
    public OuterVm? Outer { get; }

    /// <summary>Why no script can run, here or because no worker can be started; null if scripts can run.</summary>
    public string? CannotRun => Pool is null ? Unavailable!.Message
        : Pool.BrokenBy is ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed ? Pool.GetSnapshot().LastStartFailure : null;

    /// <summary>Mandatory layers that are missing with the operator's permission.</summary>
    public IReadOnlyCollection<IsolationLayer> AcceptedLosses => [.. Plan.Degraded.Select((layer) => layer.Layer)];

    private IsolationPlan Plan => Engine.Plan;

    public PoolSnapshot GetSnapshot() => Pool?.GetSnapshot() ?? new PoolSnapshot();

    public IsolationReport GetIsolationReport() =>
        IsolationReporter.Report(Plan, Pool?.GetIsolation() ?? [], Engine.Note, Engine.Version) with { OuterWorkers = Outer?.Workers ?? [] };

    /// <summary>The queue position of a job; null if it does not wait.</summary>
    public QueuePosition? PositionOf(ExecutionJob job) => Pool?.PositionOf(job);

    /// <inheritdoc cref="IEnclave.CheckQueueRoom"/>
    public QueueVerdict CheckRoom(string? tenant, QueueAhead ahead) => Pool?.CheckRoom(IQueued.KeyOf(tenant), ahead) ?? QueueVerdict.Added;

    /// <inheritdoc cref="EnclaveHost.WarmUpAsync"/>
    /// <param name="limits">The limits of a run, for the trial of the tool policy.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WarmUpAsync(RunLimits limits, CancellationToken cancellationToken)
    {
        if (Pool is null) return Task.FromException(new InvalidOperationException(Unavailable!.Message));
        Task warm = Pool.WarmUpAsync(cancellationToken);
        return Outer is null ? warm : Task.WhenAll(warm, Outer.WarmUpAsync(limits, cancellationToken));
    }

    /// <summary>Starts the workers of the outer isolates, after those of the pool.</summary>
    public void OpenOuter()
    {
        if (_launcher is not null) Outer?.Open(_settings, _launcher, _telemetry.Metrics);
    }

    /// <summary>Refuses new jobs, lets running ones end, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Pool is not null) await Pool.DisposeAsync().ConfigureAwait(false);
        if (Outer is not null) await Outer.DisposeAsync().ConfigureAwait(false);
        if (_launcher is not null) await _launcher.StopAsync().ConfigureAwait(false);
    }

    private void LogLosses(IReadOnlyList<LayerPlan> degraded, ILogger log)
    {
        string layers = string.Join(", ", degraded.Select((layer) => layer.Layer));
        if (Plan.IsPortable) Log.PortableEngine(log, Plan.Level, layers);
        else Log.DegradedIsolation(log, Plan.Level, layers);
    }
}
