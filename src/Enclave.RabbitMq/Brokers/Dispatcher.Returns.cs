using Enclave.Broker.Executors.Transports;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Wire;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Runs that come back from runtimes that did not begin them, and runtimes that cannot be spoken with.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>As often a run comes back without that counting as one of its tries: more is no upgrade.</summary>
    public const int MaxReturns = 8;

    /// <summary>A runtime with a free slot has its next message in milliseconds.</summary>
    private static readonly TimeSpan s_unasked = TimeSpan.FromSeconds(5);

    /// <summary>What runtimes speak that are there and that this broker does not; null when there are none.</summary>
    public string? Foreign
    {
        get
        {
            lock (_gate) return _runtimes.Values.FirstOrDefault((runtime) => !runtime.IsUnderstood)?.Mismatch;
        }
    }

    /// <summary>A runtime stops, and gives back a run that it did not begin. One that has said anything of the run has begun it.</summary>
    public void Returned(string id, string name)
    {
        QueueRuntimeConnection? line = null;
        Lane? lane = null;
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            if (Seen(id) is not null && _runs.TryGetValue(name, out QueuedRun? run))
            {
                if (run.State == QueuedRunState.Published) lane = PutBack(name);
                else if (run.State == QueuedRunState.Granted && run.Runtime!.Id == id && run.Line!.Received == 0)
                {
                    run.WasReturned = true;
                    line = run.Line;
                }
            }
        }

        if (line is null && lane is null) Refused?.Invoke("foreign return");
        // It lets go of the message.
        post?.TryOrder(MessageTypes.Drop, id, name, default);
        line?.FailBeforeBegin("the runtime stops and did not begin it");
        if (lane is not null) Fill(lane);
    }

    /// <summary>
    /// Offers again what nobody asked for although runtimes with free slots take from its queue: whoever may take runs from a queue may empty it as well. A
    /// message that was only late asks under a name that nobody knows any more.
    /// </summary>
    private void OfferAgain()
    {
        int offered = 0;
        lock (_gate)
        {
            foreach (QueuedRun run in _runs.Values.Where((run) => run.State == QueuedRunState.Published && clock.GetElapsedTime(run.Published) > s_unasked).ToArray())
            {
                if (!_runtimes.Values.Any((runtime) => runtime.Serves(run.LaneName) && runtime.Free > 0)) continue;
                PutBack(run.Name);
                offered++;
            }
        }

        for (int i = 0; i < offered; i++) Refused?.Invoke("lost run");
    }

    /// <summary>Under the lock: a run that is published waits again, as the next one, and has another name. Its lane; null when it is not published.</summary>
    private Lane? PutBack(string name)
    {
        if (!_runs.TryGetValue(name, out QueuedRun? run) || run.State != QueuedRunState.Published) return null;
        Lane lane = _lanes[run.LaneName];
        TakeBack(lane, run);
        if (run.Returns++ >= MaxReturns)
        {
            run.Fault = $"it came back {MaxReturns} times";
            run.State = QueuedRunState.Over;
            run.Settle(RuntimeOpening.NotBegun);
            return lane;
        }

        run.State = QueuedRunState.Waiting;
        lane.PutBack(run);
        return lane;
    }

    /// <summary>Under the lock: people are told once of a runtime that gets nothing because of what it speaks.</summary>
    private void TellIfForeign(KnownRuntime runtime)
    {
        if (runtime.IsUnderstood || runtime.IsToldOf) return;
        runtime.IsToldOf = true;
        Refused?.Invoke("protocol");
        QueueLog.ProtocolUnsupported(log, runtime.Id, runtime.Mismatch);
    }
}
