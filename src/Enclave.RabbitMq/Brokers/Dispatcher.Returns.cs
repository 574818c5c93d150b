using Enclave.Broker.Executors.Transports;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Wire;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Returned runs that did not begin, and runtimes with other protocol versions.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>How often a run may come back without counting as an attempt. An upgrade causes fewer returns.</summary>
    public const int MaxReturns = 8;

    /// <summary>
    /// A published run that no runtime has asked for after this time is published again. A runtime with a free slot normally asks within milliseconds.
    /// </summary>
    private static readonly TimeSpan s_askTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The protocols of connected runtimes that this broker cannot use; null if there are none.</summary>
    public string? ProtocolMismatch
    {
        get
        {
            lock (_gate) return _runtimes.Values.FirstOrDefault((runtime) => !runtime.IsUnderstood)?.Mismatch;
        }
    }

    /// <summary>Called when a stopping runtime returns a run that it did not begin. A runtime that has sent an event of the run has begun it.</summary>
    public void OnReturn(string id, string name)
    {
        QueueRuntimeConnection? line = null;
        Lane? lane = null;
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            if (Seen(id) is not null && _runs.TryGetValue(name, out QueuedRun? run))
            {
                if (run.State == QueuedRunState.Published) lane = PutBack_NeedsLock(name);
                else if (run.State == QueuedRunState.Granted && run.Runtime!.Id == id && run.Connection!.Received == 0)
                {
                    run.WasReturned = true;
                    line = run.Connection;
                }
            }
        }

        if (line is null && lane is null) ReportRefused("foreign return");
        // Tells the runtime to release the message.
        post?.TryOrder(MessageTypes.Drop, id, name, default);
        line?.FailBeforeBegin("the runtime is stopping and did not begin it");
        if (lane is not null) PublishRuns(lane);
    }

    /// <summary>
    /// Publishes runs again that no runtime asked for, although runtimes with free slots read their queue: any client that may read a queue may also empty it.
    /// If a message was only delayed, its runtime asks under a name that is no longer valid.
    /// </summary>
    private void OfferAgain()
    {
        int offered = 0;
        lock (_gate)
        {
            foreach (QueuedRun run in _runs.Values.Where((run) => run.State == QueuedRunState.Published && clock.GetElapsedTime(run.Published) > s_askTimeout)
                .ToArray())
            {
                if (!_runtimes.Values.Any((runtime) => runtime.Serves(run.LaneName) && runtime.Free > 0)) continue;
                PutBack_NeedsLock(run.Name);
                offered++;
            }
        }

        for (int i = 0; i < offered; i++) ReportRefused("lost run");
    }

    /// <summary>
    /// Makes a published run wait again, as the next one and under another name. The caller
    /// holds the lock. Returns its lane; null if it is not published.
    /// </summary>
    private Lane? PutBack_NeedsLock(string name)
    {
        if (!_runs.TryGetValue(name, out QueuedRun? run) || run.State != QueuedRunState.Published) return null;
        Lane lane = _lanes[run.LaneName];
        TakeBack(lane, run);
        if (run.Returns++ >= MaxReturns)
        {
            run.Fault = $"it came back {MaxReturns} times";
            run.State = QueuedRunState.Ended;
            run.Settle(RuntimeOpening.NotBegun);
            return lane;
        }

        run.State = QueuedRunState.Waiting;
        lane.PutBack(run);
        return lane;
    }

    /// <summary>Logs once that a runtime gets no sessions because of its protocol. The caller holds the lock.</summary>
    private void LogMismatch_NeedsLock(KnownRuntime runtime)
    {
        if (runtime.IsUnderstood || runtime.MismatchLogged) return;
        runtime.MismatchLogged = true;
        ReportRefused("protocol");
        QueueLog.ProtocolUnsupported(log, runtime.Id, runtime.Mismatch);
    }
}
