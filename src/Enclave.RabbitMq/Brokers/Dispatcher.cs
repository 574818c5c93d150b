using System.Text;
using Enclave.Broker.Executors.Transports;
using Enclave.Queues;
using Enclave.RabbitMq.Wire;
using Microsoft.Extensions.Logging;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Decides when a run is published, and which runtime may begin it. The state is in memory under one lock; messages are sent outside of it.</summary>
/// <remarks>A run is granted at most once: if the server delivers it twice, the dispatcher orders the second runtime that asks to drop it.</remarks>
internal sealed partial class Dispatcher(string broker, string defaultLane, QueueBrokerOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>Runs that are published for each free slot: one that begins, and one that is ready when it ends.</summary>
    private const int PublishedPerSlot = 2;

    /// <summary>The pause after the server had no room.</summary>
    private static readonly TimeSpan s_afterRejection = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueuedRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownRuntime> _runtimes = new(StringComparer.Ordinal);
    private IRunPublisher? _post;

    /// <summary>The queues that are needed: the queue of tenants without one of their own, and the queues of tenants that have opened sessions.</summary>
    public IReadOnlyCollection<string> Queues
    {
        get
        {
            lock (_gate) return [defaultLane, .. _lanes.Keys.Where((lane) => lane != defaultLane)];
        }
    }

    /// <summary>Maximum size of one message in bytes.</summary>
    public int MaxMessageBytes => options.MaxMessageBytes;

    /// <summary>Raised for each refused message, with a short reason for metrics.</summary>
    public event Action<string>? Refused;

    /// <summary>True if a connected runtime could run sessions, of any queue.</summary>
    public bool HasRuntime
    {
        get
        {
            lock (_gate) return _post is not null && _runtimes.Values.Any((runtime) => runtime.IsUnderstood && runtime.Presence is { Slots: > 0 });
        }
    }

    /// <summary>Notes that a message of a runtime was refused.</summary>
    /// <param name="why">A short reason for metrics.</param>
    public void ReportRefused(string why) => Refused?.Invoke(why);

    /// <summary>Adds a run that waits for its turn. Returns the refusal if it may not wait, otherwise null.</summary>
    public RuntimeOpening? TryAdd(QueuedRun run)
    {
        Lane lane;
        IRunPublisher? post;
        lock (_gate)
        {
            lane = Lane_NeedsLock(run.LaneName, out post);
            // From here on it counts as a waiting run.
            run.Session.Seat?.Dispose();
            run.State = QueuedRunState.Waiting;
            if (run.IsSecondTry) lane.PutBack(run);
            else if (lane.TryAdd(run, RoomToPublish(lane)) is var verdict and not QueueVerdict.Added) return Full(lane, run, verdict);
        }

        // Runtimes wait until the queue is declared.
        if (post is not null) _ = post.TryDeclareAsync(run.LaneName);
        PublishRuns(lane);
        return null;
    }

    /// <summary>Removes a run that is no longer wanted. Returns its last position in words, or null if it was already granted.</summary>
    public string? Withdraw(QueuedRun run)
    {
        lock (_gate)
        {
            if (run.State is QueuedRunState.Granted or QueuedRunState.Ended) return null;
            Lane lane = _lanes[run.LaneName];
            int before = lane.Waiting;
            string stood = run.State == QueuedRunState.Published ? "it was next" : $"{before} sessions waited";
            if (run.State == QueuedRunState.Waiting) lane.Remove(run);
            else TakeBack(lane, run);
            run.State = QueuedRunState.Ended;
            return stood;
        }
    }

    /// <summary>Called when a granted run has ended.</summary>
    public void Release(QueuedRun run)
    {
        Lane lane;
        lock (_gate)
        {
            if (run.State != QueuedRunState.Granted) return;
            run.State = QueuedRunState.Ended;
            _runs.Remove(run.Name);
            run.Runtime!.Runs.Remove(run);
            lane = _lanes[run.LaneName];
            lane.Release(run);
        }

        PublishRuns(lane);
    }

    /// <summary>Waiting runs and free slots, for statistics.</summary>
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

    /// <summary>The connected runtimes, for statistics.</summary>
    public IReadOnlyList<(string Id, Presence Presence, int Mine)> Runtimes()
    {
        lock (_gate) return [
            .. _runtimes.Values.Where((runtime) => runtime.Presence is not null).Select((runtime) => (runtime.Id, runtime.Presence!, runtime.Runs.Count))];
    }

    /// <summary>Publishes as many runs of a lane as there is room for.</summary>
    private void PublishRuns(Lane lane)
    {
        var next = new List<(QueuedRun Run, string Name)>();
        IRunPublisher? post;
        lock (_gate)
        {
            post = _post;
            if (post is null || IsRejecting(lane)) return;
            lane.RejectedAt = null;
            for (int room = RoomToPublish(lane); room > 0 && lane.TryTake(out QueuedRun? run); room--)
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

    private bool IsRejecting(Lane lane) => lane.RejectedAt is { } rejected && clock.GetElapsedTime(rejected) < s_afterRejection;

    /// <summary>
    /// The number of runs that may be published now. Twice the free slots are published, and at least one run per runtime, so that a slot that becomes free
    /// finds one.
    /// </summary>
    private int RoomToPublish(Lane lane)
    {
        if (_post is null || IsRejecting(lane)) return 0;
        int runtimes = 0, free = 0;
        foreach (KnownRuntime runtime in _runtimes.Values)
        {
            if (!runtime.Serves(lane.Name) || runtime.Presence!.Slots == 0) continue;
            runtimes++;
            free += runtime.Free;
        }

        return Math.Max(0, Math.Max(runtimes, free * PublishedPerSlot) - lane.Published);
    }

    private async Task PublishAsync(IRunPublisher post, Lane lane, QueuedRun run, string name)
    {
        TimeSpan left = QueueWait.Longest(run.Session, QueueTimeout) - clock.GetElapsedTime(run.Submitted);
        byte[] body = Encoding.UTF8.GetBytes(run.Execute().ToJsonString());
        if (body.Length > options.MaxMessageBytes)
        {
            Settle(run, name, RuntimeOpening.Refused(
                ErrorCode.ValidationError.ToCode(), $"the script is larger than {options.MaxMessageBytes} bytes as a message (MaxMessageBytes)"));
            return;
        }

        // An expired message disappears by itself, and the broker's own clock ends its session.
        PublishOutcome outcome =
            await post.PublishAsync(run, name, body, left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left).ConfigureAwait(false);
        if (outcome == PublishOutcome.Confirmed) return;
        lock (_gate)
        {
            // The run may already be published again under its next name, or a runtime may have begun it under this one.
            if (run.State != QueuedRunState.Published || run.Name != name) return;
            TakeBack(lane, run);
            run.State = QueuedRunState.Waiting;
            run.WasRejected = outcome == PublishOutcome.Rejected;
            lane.PutBack(run);
            lane.RejectedAt = clock.GetTimestamp();
        }
    }

    /// <summary>The longest wait of a run whose session lives longer.</summary>
    public TimeSpan QueueTimeout => options.QueueTimeout;

    /// <summary>Takes a published run back. Its message is no longer valid.</summary>
    private void TakeBack(Lane lane, QueuedRun run)
    {
        _runs.Remove(run.Name);
        lane.Published--;
        lane.Release(run);
    }

    /// <summary>Completes a published run that will not be granted.</summary>
    private void Settle(QueuedRun run, string name, RuntimeOpening opening)
    {
        Lane lane;
        lock (_gate)
        {
            if (run.State != QueuedRunState.Published || run.Name != name) return;
            lane = _lanes[run.LaneName];
            TakeBack(lane, run);
            run.State = QueuedRunState.Ended;
        }

        run.Settle(opening);
        PublishRuns(lane);
    }
}
