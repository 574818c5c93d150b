using System.Text;
using Enclave.Broker.Executors.Transports;
using Enclave.Queues;
using Enclave.RabbitMq.Wire;
using Microsoft.Extensions.Logging;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Decides which run is published when, and which runtime may begin it. What is decided stands in memory under one lock; what is sent follows outside of it.</summary>
/// <remarks>A run is granted at most once: whatever the server delivers twice, the second runtime that asks is told to drop it.</remarks>
internal sealed partial class Dispatcher(string broker, string defaultLane, QueueBrokerOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>How long the server is left alone after it had no room.</summary>
    private static readonly TimeSpan s_afterRejection = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs that are published for each free slot: one that begins, and one that is there when it ends.</summary>
    private const int PublishedPerSlot = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueuedRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownRuntime> _runtimes = new(StringComparer.Ordinal);
    private IRunPublisher? _post;

    /// <summary>The queues that are needed: of tenants that nothing else is said of, and those that sessions came for.</summary>
    public IReadOnlyCollection<string> Queues
    {
        get
        {
            lock (_gate) return [defaultLane, .. _lanes.Keys.Where((lane) => lane != defaultLane)];
        }
    }

    /// <summary>Bytes of one message.</summary>
    public int MaxMessageBytes => options.MaxMessageBytes;

    /// <summary>Told of each message that was refused, with why in a word or two.</summary>
    public Action<string>? Refused { get; set; }

    /// <summary>Whether a runtime is there that could run sessions of any queue.</summary>
    public bool HasRuntime
    {
        get
        {
            lock (_gate) return _post is not null && _runtimes.Values.Any((runtime) => runtime.IsUnderstood && runtime.Presence is { Slots: > 0 });
        }
    }

    /// <summary>Has a run wait for its turn; why it may not, or null.</summary>
    public RuntimeOpening? TryAdd(QueuedRun run)
    {
        Lane lane;
        IRunPublisher? post;
        lock (_gate)
        {
            lane = LaneOf(run.LaneName, out post);
            // From here on it is counted as one that waits.
            Unseat(run.Session);
            run.State = QueuedRunState.Waiting;
            if (run.IsSecondTry) lane.PutBack(run);
            else if (lane.TryAdd(run) is var verdict and not QueueVerdict.Added) return Full(lane, run, verdict);
        }

        // Runtimes of a queue wait for it.
        if (post is not null) _ = post.TryDeclareAsync(run.LaneName);
        Fill(lane);
        return null;
    }

    /// <summary>Nobody waits for the run any more; where it stood, or null when it was granted before.</summary>
    public string? Withdraw(QueuedRun run)
    {
        lock (_gate)
        {
            if (run.State is QueuedRunState.Granted or QueuedRunState.Over) return null;
            Lane lane = _lanes[run.LaneName];
            int before = lane.Waiting;
            string stood = run.State == QueuedRunState.Published ? "it was next" : $"{before} sessions waited";
            if (run.State == QueuedRunState.Waiting) lane.Remove(run);
            else TakeBack(lane, run);
            run.State = QueuedRunState.Over;
            return stood;
        }
    }

    /// <summary>A run that was granted has come to its end.</summary>
    public void Release(QueuedRun run)
    {
        Lane lane;
        lock (_gate)
        {
            if (run.State != QueuedRunState.Granted) return;
            run.State = QueuedRunState.Over;
            _runs.Remove(run.Name);
            run.Runtime!.Runs.Remove(run);
            lane = _lanes[run.LaneName];
            lane.Left(run);
        }

        Fill(lane);
    }

    /// <summary>What waits and where there is room, for figures.</summary>
    public IReadOnlyList<LaneStats> ReadStats()
    {
        lock (_gate)
        {
            return [.. _lanes.Values.Select((lane) => new LaneStats(
                lane.Name,
                lane.Waiting,
                lane.Published,
                _runtimes.Values.Where((runtime) => runtime.Serves(lane.Name)).Sum((runtime) => runtime.Free),
                lane.Oldest is { } oldest ? clock.GetElapsedTime(oldest.Submitted) : TimeSpan.Zero))];
        }
    }

    /// <summary>The runtimes that are there, for figures.</summary>
    public IReadOnlyList<(string Id, Presence Presence, int Mine)> Runtimes()
    {
        lock (_gate) return [.. _runtimes.Values.Where((runtime) => runtime.Presence is not null).Select((runtime) => (runtime.Id, runtime.Presence!, runtime.Runs.Count))];
    }

    /// <summary>Publishes what there is room for.</summary>
    private void Fill(Lane lane)
    {
        var next = new List<(QueuedRun Run, string Name)>();
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            if (post is null) return;
            if (lane.RejectedAt is { } rejected && clock.GetElapsedTime(rejected) < s_afterRejection) return;
            lane.RejectedAt = null;
            int room = Room(lane);
            while (lane.Published < room && lane.TryTake(out QueuedRun? run))
            {
                run.Rename();
                (run.State, run.Published) = (QueuedRunState.Published, clock.GetTimestamp());
                _runs[run.Name] = run;
                lane.Published++;
                next.Add((run, run.Name));
            }
        }

        foreach ((QueuedRun run, string name) in next) _ = PublishAsync(post, lane, run, name);
    }

    /// <summary>Twice as many as there are free slots; at least one for each runtime, so that a slot that gets free finds one.</summary>
    private int Room(Lane lane)
    {
        int runtimes = 0, free = 0;
        foreach (KnownRuntime runtime in _runtimes.Values)
        {
            if (!runtime.Serves(lane.Name) || runtime.Presence!.Slots == 0) continue;
            runtimes++;
            free += runtime.Free;
        }

        return Math.Max(runtimes, free * PublishedPerSlot);
    }

    private async Task PublishAsync(IRunPublisher post, Lane lane, QueuedRun run, string name)
    {
        TimeSpan left = Patience(run) - clock.GetElapsedTime(run.Submitted);
        byte[] body = Encoding.UTF8.GetBytes(run.Execute().ToJsonString());
        if (body.Length > options.MaxMessageBytes)
        {
            Settle(run, name, RuntimeOpening.Refused("VALIDATION_ERROR", $"the script is larger than {options.MaxMessageBytes} bytes on its way (MaxMessageBytes)"));
            return;
        }

        // A message whose time is over is gone by itself; the broker's own clock ends its session.
        PublishOutcome outcome = await post.PublishAsync(run, name, body, left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left).ConfigureAwait(false);
        if (outcome == PublishOutcome.Confirmed) return;
        lock (_gate)
        {
            // Under its next name it may be on its way again, and with this one a runtime may have begun.
            if (run.State != QueuedRunState.Published || run.Name != name) return;
            TakeBack(lane, run);
            run.State = QueuedRunState.Waiting;
            run.WasRejected = outcome == PublishOutcome.Rejected;
            lane.PutBack(run);
            lane.RejectedAt = clock.GetTimestamp();
        }
    }

    /// <summary>How long the run may wait: the queue's time, or what its session has.</summary>
    public TimeSpan Patience(QueuedRun run) => run.Session.Terms.Ttl < options.QueueTimeout ? run.Session.Terms.Ttl : options.QueueTimeout;

    /// <summary>From now on its message is nobody's.</summary>
    private void TakeBack(Lane lane, QueuedRun run)
    {
        _runs.Remove(run.Name);
        lane.Published--;
        lane.Left(run);
    }

    /// <summary>A published run will not be granted.</summary>
    private void Settle(QueuedRun run, string name, RuntimeOpening opening)
    {
        Lane lane;
        lock (_gate)
        {
            if (run.State != QueuedRunState.Published || run.Name != name) return;
            lane = _lanes[run.LaneName];
            TakeBack(lane, run);
            run.State = QueuedRunState.Over;
        }

        run.Settle(opening);
        Fill(lane);
    }
}
