using Enclave.Broker.Executors.Transports;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>What comes from runtimes and from the server. Everything that a runtime says is a claim: it is held against what stands here.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>More runtimes are not one operator's.</summary>
    private const int MaxRuntimes = 10_000;

    /// <summary>The server is there.</summary>
    public void LinkUp(IRunPublisher post)
    {
        lock (_gate) _post = post;
        FillAll();
    }

    /// <summary>The server is gone: what has not begun waits here again, what has ends.</summary>
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
                    lost.Add(run.Line!);
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

    /// <summary>A runtime tells who it is.</summary>
    public void Present(string id, Presence presence)
    {
        lock (_gate)
        {
            if (Seen(id) is not { } runtime) return;
            runtime.Present(presence, broker);
            TellIfForeign(runtime);
        }

        FillAll();
    }

    /// <summary>A runtime asks whether it may begin a run.</summary>
    public void Asked(string id, string name, PeerProtocol? protocol)
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
                TellIfForeign(runtime);
            }

            if (runtime is { IsUnderstood: false })
            {
                // It lets go of its message, and the run is offered to others.
                post?.TryOrder(MessageTypes.Drop, id, name, default);
                PutBack(name);
                return;
            }

            if (runtime is null || !_runs.TryGetValue(name, out run) || run.State != QueuedRunState.Published || post is null) run = null;
            else
            {
                run.State = QueuedRunState.Granted;
                run.Runtime = runtime;
                run.Line = new QueueRuntimeConnection(run, runtime, post, this, options);
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
        if (!post!.TryOrder(MessageTypes.Begin, id, name, new Grant((int)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue), run.Line!.WindowBytes).Write())) run.Line!.FailBeforeBegin("the RabbitMQ server takes nothing");
        run.Settle(RuntimeOpening.Begun(run.Line!));
    }

    /// <summary>An event of a run.</summary>
    public void Happened(string id, string name, long number, ReadOnlyMemory<byte> body)
    {
        QueueRuntimeConnection? line = null;
        lock (_gate)
        {
            if (_runs.TryGetValue(name, out QueuedRun? run) && run.State == QueuedRunState.Granted && run.Runtime!.Id == id)
            {
                run.Runtime.Seen = clock.GetTimestamp();
                line = run.Line;
            }
        }

        if (line is null) Refused?.Invoke("foreign event");
        else if (!line.TryTake(number, body)) Refused?.Invoke("repeated event");
    }

    /// <summary>A runtime tells what it holds: what it should hold and does not is lost, and so is what it sent and did not come.</summary>
    public void Alive(string id, Dictionary<string, long> held)
    {
        var lost = new List<(QueueRuntimeConnection Line, string Why)>();
        lock (_gate)
        {
            if (Seen(id) is not { } runtime) return;
            foreach (QueuedRun run in runtime.Runs)
            {
                if (!held.TryGetValue(run.Name, out long sent)) lost.Add((run.Line!, "the runtime does not have the session any more"));
                else if (sent > run.Line!.Received) lost.Add((run.Line, $"events {run.Line.Received + 1} to {sent} did not come"));
            }
        }

        foreach ((QueueRuntimeConnection line, string why) in lost) line.Fail(why);
    }

    /// <summary>The server gives back a message to a runtime: it is not there.</summary>
    public void Gone(string id, string? name, string kind)
    {
        lock (_gate)
        {
            if (kind == MessageTypes.Begin && name is not null && _runs.TryGetValue(name, out QueuedRun? run) && run.State == QueuedRunState.Granted) run.Line!.FailBeforeBegin("the runtime went before it could begin");
        }

        Lose(id, "it is not connected to the RabbitMQ server any more");
    }

    /// <summary>The server gives back a run that no runtime took.</summary>
    public void Dead(string name, string reason)
    {
        QueuedRun? run;
        lock (_gate) _runs.TryGetValue(name, out run);
        // Whose time is over is ended by the broker's own clock.
        if (run is null || reason == "expired") return;
        run.Fault = reason switch { "rejected" => "a runtime refused it", "delivery_limit" => "the runtimes that had it were lost", _ => $"the RabbitMQ server gave it back ({reason})" };
        Settle(run, name, RuntimeOpening.NotBegun);
    }

    /// <summary>Every heartbeat: who has fallen silent is lost, who has runs is told that the broker is there, and what waits is looked at.</summary>
    public void Beat()
    {
        string[] silent, busy;
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            silent = [.. _runtimes.Values.Where((runtime) => clock.GetElapsedTime(runtime.Seen) > options.Silence).Select((runtime) => runtime.Id)];
            busy = [.. _runtimes.Values.Where((runtime) => runtime.Runs.Count > 0).Select((runtime) => runtime.Id)];
        }

        foreach (string id in silent) Lose(id, $"it gave no sign for {options.Silence.TotalSeconds:0.###} s (Silence)");
        foreach (string id in busy.Except(silent)) post?.TryOrder(MessageTypes.Alive, id, null, default);
        OfferAgain();
        FillAll();
    }

    private void Lose(string id, string why)
    {
        QueuedRun[] runs;
        lock (_gate)
        {
            if (!_runtimes.Remove(id, out KnownRuntime? runtime)) return;
            runs = [.. runtime.Runs];
        }

        QueueLog.RuntimeLost(log, id, why);
        foreach (QueuedRun run in runs) run.Line!.Fail($"the runtime: {why}");
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
        foreach (Lane lane in lanes) Fill(lane);
    }
}
