using System.Diagnostics;
using Enclave.Diagnostics;
using Enclave.Runs;

namespace Enclave.Telemetry;

/// <summary>Measures one run for the listeners: its time in the queue, on a worker, and in all.</summary>
/// <remarks>Create it where the run begins, in the caller's context, and dispose it there.</remarks>
internal sealed class RunTelemetry : IRunObserver, IRunMeter, IDisposable
{
    private readonly HostTelemetry _host;
    private readonly ToolCollection? _own;
    private readonly CancellationToken _cancellation;
    private readonly Activity? _run;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private Activity? _worker;
    private bool _leftQueue;
    private bool _settled;
    private ExecutionResult? _result;

    /// <param name="host">The host's telemetry.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="run">The run's options; null for none.</param>
    /// <param name="cancellation">The caller's token.</param>
    public RunTelemetry(HostTelemetry host, string runId, RunOptions? run, CancellationToken cancellation)
    {
        (_host, _own, _cancellation) = (host, ToolCollection.Of(run), cancellation);
        _run = EnclaveActivities.StartRun(host.Level, host.Name, runId, host.TracesTenants ? run?.Tenant : null);
        if (run?.DeclarationTokens is { } tokens) _run?.SetTag(TelemetryNames.DeclarationsTag, tokens);
    }

    /// <inheritdoc/>
    public ActivityContext Parent => (_worker ?? _run)?.Context ?? default;

    /// <inheritdoc/>
    public void Take(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is not StartedEvent started) return;
        lock (_gate)
        {
            // The caller may have cancelled the run on its way here.
            if (_settled) return;
            _leftQueue = true;
            if (_run is not null) _worker = EnclaveActivities.StartWorker(_run.Context);
        }

        _host.Metrics.LeftQueue(started.QueueWait, _host.Level);
    }

    /// <inheritdoc/>
    public void Settled(ExecutionJob job, ExecutionResult? result)
    {
        bool waited;
        lock (_gate) (_settled, waited) = (true, !_leftQueue);
        if (waited) _host.Metrics.LeftQueue(job.QueueWait, _host.Level);
        if (_worker is null) return;
        if (result is not null)
        {
            _worker.SetTag(TelemetryNames.WorkerTag, result.Stats.WorkerId);
            _worker.SetTag(TelemetryNames.IsolationTag, result.Stats.Isolation);
            if (result.Error is { } error) EnclaveActivities.Fail(_worker, error.Code.ToCode());
        }

        EnclaveActivities.StopAside(_worker);
    }

    /// <inheritdoc/>
    public Activity? StartTool(string tool, uint call) =>
        Parent is var parent && parent == default ? null : EnclaveActivities.StartTool(tool, _host.TagOf(tool, _own), call, parent);

    /// <inheritdoc/>
    public void ToolAnswered(string tool, string outcome, TimeSpan took) => _host.Metrics.ToolAnswered(_host.TagOf(tool, _own), outcome, took);

    /// <summary>The answer, before the caller sees it.</summary>
    public ExecutionResult Answered(ExecutionResult result) => _result = result;

    /// <summary>The end of the run. Without an answer its caller cancelled it, or the host was disposed meanwhile.</summary>
    public void Dispose()
    {
        string code = _result is null
            ? _cancellation.IsCancellationRequested ? TelemetryNames.CallerCancelled : ErrorCode.PoolDisposed.ToCode()
            : _result.Error?.Code.ToCode() ?? TelemetryNames.Ok;
        _host.Metrics.Ended(_result, code, _host.Level, Stopwatch.GetElapsedTime(_started));
        if (_run is null) return;
        _run.SetTag(TelemetryNames.CodeTag, code);
        if (code != TelemetryNames.Ok) EnclaveActivities.Fail(_run, code);
        _run.Dispose();
    }
}
