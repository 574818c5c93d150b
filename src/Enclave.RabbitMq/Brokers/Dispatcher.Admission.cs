using Enclave.Broker.Errors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Who may wait, from before a session is opened, and where it stands then.</summary>
internal sealed partial class Dispatcher
{
    private readonly Dictionary<BrokerSession, QueueReservation> _seats = [];

    /// <summary>Keeps a place in line for a session; why there is none, or null.</summary>
    public BrokerError? Admit(BrokerSession session, QueueReservation seat)
    {
        string key = ExecutionJob.KeyOf(session.Caller.Tenant);
        IRunPublisher? post;
        lock (_gate)
        {
            Lane lane = LaneOf(seat.Lane, out post);
            QueueVerdict verdict = lane.Evaluate(key, seat.Tenant);
            if (verdict != QueueVerdict.Added) return Refusal(lane, key, verdict);
            lane.Expect(key);
            _seats.Add(session, seat);
        }

        if (post is not null) _ = post.TryDeclareAsync(seat.Lane);
        return null;
    }

    /// <summary>The session does not come, or has come.</summary>
    public void ReleaseReservation(BrokerSession session)
    {
        lock (_gate) Unseat(session);
    }

    public QueueReservation SeatOf(BrokerSession session)
    {
        lock (_gate) return _seats[session];
    }

    /// <summary>Where a run stands; null when it does not wait.</summary>
    public QueuePosition? PositionOf(QueuedRun run)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(run.LaneName, out Lane? lane)) return null;
            int waiting = lane.Published + lane.Waiting;
            // Of those that are with the server nobody knows which one a runtime takes next.
            if (run.State == QueuedRunState.Published) return new QueuePosition(1, waiting);
            return run.State == QueuedRunState.Waiting && lane.Before(run) is { } before ? new QueuePosition(lane.Published + before + 1, waiting) : null;
        }
    }

    /// <summary>Under the lock.</summary>
    private void Unseat(BrokerSession session)
    {
        if (_seats.Remove(session, out QueueReservation? seat)) _lanes[seat.Lane].Arrived(ExecutionJob.KeyOf(session.Caller.Tenant));
    }

    /// <summary>Under the lock. A queue that is new is to be made by whom this gives: runtimes wait for it.</summary>
    private Lane LaneOf(string name, out IRunPublisher? maker)
    {
        maker = null;
        if (_lanes.TryGetValue(name, out Lane? lane)) return lane;
        maker = _post;
        return _lanes[name] = new Lane(name, options.MaxWaiting);
    }

    private static BrokerError Refusal(Lane lane, string tenant, QueueVerdict verdict) =>
        verdict == QueueVerdict.TenantFull ? BrokerError.TenantQueueFull(Why(lane, tenant, verdict)) : BrokerError.QueueFull(Why(lane, tenant, verdict));

    private static RuntimeOpening Full(Lane lane, QueuedRun run, QueueVerdict verdict) => RuntimeOpening.Refused("QUEUE_FULL", Why(lane, run.TenantKey, verdict));

    private static string Why(Lane lane, string tenant, QueueVerdict verdict) => verdict == QueueVerdict.TenantFull
        ? $"{lane.WaitingOf(tenant)} sessions of this tenant wait already (QueueTenant.MaxWaiting): try again later, or add runtimes"
        : $"{lane.Waiting} sessions wait already for {lane.Name} (MaxWaiting): try again later, or add runtimes";
}
