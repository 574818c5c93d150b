using Enclave.Broker.Executors.Transports;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Messages of runtimes and of the server. Messages of runtimes are untrusted: each is compared with the dispatcher's own state.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>The most known runtimes: more than an operator has.</summary>
    private const int MaxRuntimes = 10_000;

    /// <summary>Called when the server is connected.</summary>
    public void LinkUp(IRunPublisher post)
    {
        lock (_gate) _post = post;
        FillAll();
    }

    /// <summary>Called when the server is lost: runs that have not begun wait here again, the others end.</summary>
    public void LinkDown(string why)
    {
        var lost = new List<QueueRuntimeConnection>();
        lock (_gate)
        {
            _post = null;
            foreach (QueuedRun run in _runs.Values.ToArray())
            {
                if (run.State == QueuedRunState.Granted)
                {
                    lost.Add(run.Connection!);
                    continue;
                }

                Lane lane = _lanes[run.LaneName];
                TakeBack(lane, run);
                run.State = QueuedRunState.Waiting;
                lane.PutBack(run);
            }

            _runtimes.Clear();
        }

        foreach (QueueRuntimeConnection line in lost) line.Fail($"the RabbitMQ server was lost: {why}");
    }

    /// <summary>Called when a runtime reports its presence.</summary>
    public void OnPresence(string id, Presence presence)
    {
        lock (_gate)
        {
            if (Seen(id) is not { } runtime) return;
            runtime.Update(presence, broker);
            LogMismatch_NeedsLock(runtime);
        }

        FillAll();
    }

    /// <summary>Called when a runtime asks whether it may begin a run.</summary>
    public void OnAsk(string id, string name, PeerProtocol? protocol)
    {
        IRunPublisher? post;
        QueuedRun? run;
        lock (_gate)
        {
            post = _post;
            KnownRuntime? runtime = Seen(id);
            if (runtime is not null)
            {
                runtime.Protocol = protocol;
                LogMismatch_NeedsLock(runtime);
            }

            if (runtime is { IsUnderstood: false })
            {
                // The runtime releases its message, and the run is offered to others.
                post?.TryOrder(MessageTypes.Drop, id, name, default);
                PutBack_NeedsLock(name);
                return;
            }

            if (runtime is null || !_runs.TryGetValue(name, out run) || run.State != QueuedRunState.Published || post is null) run = null;
            else
            {
                run.State = QueuedRunState.Granted;
                run.Runtime = runtime;
                run.Connection = new QueueRuntimeConnection(run, runtime, post, this, options);
                runtime.Runs.Add(run);
                _lanes[run.LaneName].Published--;
            }
        }

        if (run is null)
        {
            post?.TryOrder(MessageTypes.Drop, id, name, default);
            return;
        }

        TimeSpan left = run.Session.Terms.Ttl - run.Session.Duration;
        var grant = new Grant((int)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue), run.Connection!.WindowBytes);
        if (!post!.TryOrder(MessageTypes.Begin, id, name, grant.Write())) run.Connection!.FailBeforeBegin("the RabbitMQ server accepts no messages");
        run.Settle(RuntimeOpening.Begun(run.Connection!));
    }

    /// <summary>Called for an event of a run.</summary>
    public void OnEvent(string id, string name, long number, ReadOnlyMemory<byte> body)
    {
        QueueRuntimeConnection? line = null;
        lock (_gate)
        {
            if (_runs.TryGetValue(name, out QueuedRun? run) && run.State == QueuedRunState.Granted && run.Runtime!.Id == id)
            {
                run.Runtime.Seen = clock.GetTimestamp();
                line = run.Connection;
            }
        }

        if (line is null) ReportRefused("foreign event");
        else if (!line.TryTake(number, body)) ReportRefused("repeated event");
    }

    /// <summary>
    /// Called when a runtime reports which runs it holds. A run that is missing there is lost, and so is a run with events that did not arrive. The runtime
    /// drops runs that were not granted to it, or were given up here.
    /// </summary>
    public void OnAlive(string id, Dictionary<string, long> held)
    {
        var lost = new List<(QueueRuntimeConnection Line, string Why)>();
        string[] foreign;
        IRunPublisher? post;
        lock (_gate)
        {
            if (Seen(id) is not { } runtime) return;
            post = _post;
            foreign = [.. held.Keys.Except(runtime.Runs.Select((run) => run.Name), StringComparer.Ordinal)];
            foreach (QueuedRun run in runtime.Runs)
            {
                if (!held.TryGetValue(run.Name, out long sent)) lost.Add((run.Connection!, "the runtime does not have the session any more"));
                else if (sent > run.Connection!.Received) lost.Add((run.Connection, $"events {run.Connection.Received + 1} to {sent} did not come"));
            }
        }

        foreach (string name in foreign) post?.TryOrder(MessageTypes.Drop, id, name, default);
        foreach ((QueueRuntimeConnection line, string why) in lost) line.Fail(why);
    }

    /// <summary>Called when the server returns a message to a runtime: the runtime is not connected.</summary>
    public void OnUnreachable(string id, string? name, string kind)
    {
        lock (_gate)
        {
            if (kind == MessageTypes.Begin && name is not null && _runs.TryGetValue(name, out QueuedRun? run) && run.State == QueuedRunState.Granted)
                run.Connection!.FailBeforeBegin("the runtime disconnected before it could begin");
        }

        DropRuntime(id, "it is no longer connected to the RabbitMQ server");
    }

    /// <summary>Called when the server returns a run that no runtime took.</summary>
    public void OnDeadLetter(string name, string reason)
    {
        // The broker's own clock ends an expired run.
        if (reason == "expired") return;
        QueuedRun? run;
        lock (_gate)
        {
            if (!_runs.TryGetValue(name, out run) || run.State != QueuedRunState.Published) return;
            run.Fault = reason switch
            {
                "rejected" => "a runtime refused it",
                "delivery_limit" => "the runtimes that took it were lost",
                _ => $"the RabbitMQ server returned it ({reason})",
            };
        }

        Settle(run, name, RuntimeOpening.NotBegun);
    }

    /// <summary>Runs at every heartbeat: gives up silent runtimes, sends heartbeats to runtimes with runs, and publishes waiting runs.</summary>
    public void OnHeartbeat()
    {
        string[] silent, busy;
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            silent = [.. _runtimes.Values.Where((runtime) => clock.GetElapsedTime(runtime.Seen) > options.Silence).Select((runtime) => runtime.Id)];
            busy = [.. _runtimes.Values.Where((runtime) => runtime.Runs.Count > 0).Select((runtime) => runtime.Id)];
        }

        foreach (string id in silent) DropRuntime(id, $"it sent nothing for {options.Silence.TotalSeconds:0.###} s (Silence)");
        foreach (string id in busy.Except(silent)) post?.TryOrder(MessageTypes.Alive, id, null, default);
        OfferAgain();
        FillAll();
    }

    private void DropRuntime(string id, string why)
    {
        QueuedRun[] runs;
        lock (_gate)
        {
            if (!_runtimes.Remove(id, out KnownRuntime? runtime)) return;
            runs = [.. runtime.Runs];
        }

        QueueLog.RuntimeLost(log, id, why);
        foreach (QueuedRun run in runs) run.Connection!.Fail($"the runtime: {why}");
    }

    private KnownRuntime? Seen(string id)
    {
        if (!_runtimes.TryGetValue(id, out KnownRuntime? runtime))
        {
            if (_runtimes.Count == MaxRuntimes) return null;
            _runtimes[id] = runtime = new KnownRuntime(id);
        }

        runtime.Seen = clock.GetTimestamp();
        return runtime;
    }

    private void FillAll()
    {
        Lane[] lanes;
        lock (_gate) lanes = [.. _lanes.Values];
        foreach (Lane lane in lanes) PublishRuns(lane);
    }
}
