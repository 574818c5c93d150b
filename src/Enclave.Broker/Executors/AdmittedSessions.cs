using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Queues;

namespace Enclave.Broker.Executors;

/// <summary>Sessions that are opening and not yet in the host's queue. They count against the queue, so that later sessions cannot overfill it.</summary>
/// <param name="most">The option that bounds the queue.</param>
/// <param name="mostOfTenant">The option that bounds a tenant's share of it.</param>
internal sealed class AdmittedSessions(string most = "MaxQueueSize", string mostOfTenant = "MaxQueuedPerTenant")
{
    private readonly Lock _gate = new();
    private readonly HashSet<BrokerSession> _sessions = [];
    private readonly Dictionary<string, int> _byTenant = new(StringComparer.Ordinal);

    /// <summary>Reserves a place in the queue for a session. Returns the error if the queue is full, otherwise null.</summary>
    public BrokerError? Add(BrokerSession session, Func<string?, QueueAhead, QueueVerdict> look)
    {
        string key = session.Caller.Tenant ?? "";
        lock (_gate)
        {
            switch (look(session.Caller.Tenant, new QueueAhead(_sessions.Count, _byTenant.GetValueOrDefault(key))))
            {
                case QueueVerdict.Full: return BrokerError.QueueFull($"the queue of sessions is full ({most}): try again later");
                case QueueVerdict.TenantFull:
                    return BrokerError.TenantQueueFull($"the queue of this tenant's sessions is full ({mostOfTenant}): try again later");
            }

            _sessions.Add(session);
            _byTenant[key] = _byTenant.GetValueOrDefault(key) + 1;
            return null;
        }
    }

    /// <summary>Releases the reservation: the session is in the queue, or will not be.</summary>
    public void Remove(BrokerSession session)
    {
        string key = session.Caller.Tenant ?? "";
        lock (_gate)
        {
            if (!_sessions.Remove(session)) return;
            if (--_byTenant[key] == 0) _byTenant.Remove(key);
        }
    }
}
