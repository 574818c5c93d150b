using Enclave.Broker.Errors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.RabbitMq.Brokers;

/// <summary>AdmitOutcome: reserves places in queues before sessions open, and reports positions.</summary>
internal sealed partial class Dispatcher
{
    private readonly Dictionary<BrokerSession, QueueReservation> _seats = [];

    /// <summary>Reserves a place in the queue for a session. Returns the error if there is none, otherwise null.</summary>
    public BrokerError? Admit(BrokerSession session, QueueReservation seat)
    {
        string key = IQueued.KeyOf(session.Caller.Tenant);
        IRunPublisher? post;
        lock (_gate)
        {
            Lane lane = Lane_NeedsLock(seat.Lane, out post);
            QueueVerdict verdict = lane.Evaluate(key, seat.Tenant, RoomToPublish(lane));
            if (verdict != QueueVerdict.Added) return Refusal(lane, key, verdict);
            lane.Reserve(key);
            _seats.Add(session, seat);
        }

        if (post is not null) _ = post.TryDeclareAsync(seat.Lane);
        return null;
    }

    /// <summary>Releases the reservation: the session is in the queue, or will not be.</summary>
    public void ReleaseReservation(BrokerSession session)
    {
        lock (_gate) RemoveReservation_NeedsLock(session);
    }

    public QueueReservation SeatOf(BrokerSession session)
    {
        lock (_gate) return _seats[session];
    }

    /// <summary>The position of a run; null if it is not waiting.</summary>
    public QueuePosition? PositionOf(QueuedRun run)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(run.LaneName, out Lane? lane)) return null;
            int waiting = lane.Published + lane.Waiting;
            // Which of the published runs a runtime takes next is unknown.
            if (run.State == QueuedRunState.Published) return new QueuePosition(1, waiting);
            return run.State == QueuedRunState.Waiting && lane.Before(run) is { } before ? new QueuePosition(lane.Published + before + 1, waiting) : null;
        }
    }

    /// <summary>Removes the reservation of a session. The caller holds the lock.</summary>
    private void RemoveReservation_NeedsLock(BrokerSession session)
    {
        if (_seats.Remove(session, out QueueReservation? seat)) _lanes[seat.Lane].ReleaseReservation(IQueued.KeyOf(session.Caller.Tenant));
    }

    /// <summary>
    /// Finds or creates a lane. The caller holds the lock. For a new lane, <paramref name="maker"/> must declare the queue, because runtimes wait for it.
    /// </summary>
    private Lane Lane_NeedsLock(string name, out IRunPublisher? maker)
    {
        maker = null;
        if (_lanes.TryGetValue(name, out Lane? lane)) return lane;
        maker = _post;
        return _lanes[name] = new Lane(name, options.MaxWaiting);
    }

    private static BrokerError Refusal(Lane lane, string tenant, QueueVerdict verdict) =>
        verdict == QueueVerdict.TenantFull ? BrokerError.TenantQueueFull(Why(lane, tenant, verdict)) : BrokerError.QueueFull(Why(lane, tenant, verdict));

    private static RuntimeOpening Full(Lane lane, QueuedRun run, QueueVerdict verdict) =>
        RuntimeOpening.Refused(ErrorCode.QueueFull.ToCode(), Why(lane, run.TenantKey, verdict));

    private static string Why(Lane lane, string tenant, QueueVerdict verdict) => verdict == QueueVerdict.TenantFull
        ? $"{lane.WaitingOf(tenant)} sessions of this tenant are already waiting (QueueTenant.MaxWaiting): try again later, or add runtimes"
        : $"{lane.Waiting} sessions are already waiting for {lane.Name} (MaxWaiting): try again later, or add runtimes";
}
