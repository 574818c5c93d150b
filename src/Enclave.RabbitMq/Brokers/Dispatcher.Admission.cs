using Enclave.Broker.Errors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Takes seats in queues before sessions open, and reports positions.</summary>
internal sealed partial class Dispatcher
{
    /// <inheritdoc cref="IRuntimeTransport.Admit"/>
    public BrokerError? Admit(BrokerSession session, QueueTenant tenant, string laneName)
    {
        string key = IQueued.KeyOf(session.Caller.Tenant);
        IRunPublisher? post;
        lock (_gate)
        {
            Lane lane = Lane_NeedsLock(laneName, out post);
            QueueVerdict verdict = lane.Evaluate(key, tenant, RoomToPublish(lane));
            if (verdict != QueueVerdict.Added) return Refusal(lane, key, verdict);
            session.Seat = new LaneSeat(tenant, laneName, lane.TakeSeat(key));
        }

        if (post is not null) _ = post.TryDeclareAsync(laneName);
        return null;
    }

    /// <summary>The position of a run; null if it is not waiting.</summary>
    public QueuePosition? PositionOf(QueuedRun run)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(run.LaneName, out Lane? lane)) return null;
            int waiting = lane.Published + lane.Waiting;
            // The order in which runtimes take published runs is unknown.
            if (run.State == QueuedRunState.Published) return new QueuePosition(1, waiting);
            return run.State == QueuedRunState.Waiting && lane.Before(run) is { } before ? new QueuePosition(lane.Published + before + 1, waiting) : null;
        }
    }

    /// <summary>
    /// Finds or creates a lane. The caller holds the lock. For a new lane, <paramref name="maker"/> must declare the queue, because runtimes wait for it.
    /// </summary>
    private Lane Lane_NeedsLock(string name, out IRunPublisher? maker)
    {
        maker = null;
        if (_lanes.TryGetValue(name, out Lane? lane)) return lane;
        maker = _post;
        return _lanes[name] = new Lane(name, options.MaxWaiting, _gate);
    }

    private static BrokerError Refusal(Lane lane, string tenant, QueueVerdict verdict) =>
        verdict == QueueVerdict.TenantFull ? BrokerError.TenantQueueFull(Why(lane, tenant, verdict)) : BrokerError.QueueFull(Why(lane, tenant, verdict));

    private static RuntimeOpening Full(Lane lane, QueuedRun run, QueueVerdict verdict) =>
        RuntimeOpening.Refused((verdict == QueueVerdict.TenantFull ? ErrorCode.ShareFull : ErrorCode.QueueFull).ToCode(), Why(lane, run.TenantKey, verdict));

    private static string Why(Lane lane, string tenant, QueueVerdict verdict) => verdict == QueueVerdict.TenantFull
        ? $"{lane.WaitingOf(tenant)} sessions of this tenant are already waiting (QueueTenant.MaxWaiting): try again later, or add runtimes"
        : $"{lane.Waiting} sessions are already waiting for {lane.Name} (MaxWaiting): try again later, or add runtimes";
}
