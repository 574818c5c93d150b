using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Queues;

namespace Enclave.Broker.Executors;

/// <summary>Sessions that are being opened and are not in the host's queue yet: those that come meanwhile are held against them as well.</summary>
/// <param name="most">The option that bounds the queue.</param>
/// <param name="mostOfTenant">The option that bounds a tenant's share of it.</param>
internal sealed class AdmittedSessions(string most = "MaxQueueSize", string mostOfTenant = "MaxQueuedPerTenant")
{
    private readonly Lock _gate = new();
    private readonly HashSet<BrokerSession> _sessions = [];
    private readonly Dictionary<string, int> _byTenant = new(StringComparer.Ordinal);

    /// <summary>Counts a session in if the queue has a place for it; why it has none, or null.</summary>
    public BrokerError? Add(BrokerSession session, Func<string?, QueueAhead, QueueVerdict> look)
    {
        string key = session.Caller.Tenant ?? "";
        lock (_gate)
        {
            switch (look(session.Caller.Tenant, new QueueAhead(_sessions.Count, _byTenant.GetValueOrDefault(key))))
            {
                case QueueVerdict.Full: return BrokerError.QueueFull($"as many sessions wait as may ({most}): try again later");
                case QueueVerdict.TenantFull: return BrokerError.TenantQueueFull($"as many sessions of this tenant wait as may ({mostOfTenant}): try again later");
            }

            _sessions.Add(session);
            _byTenant[key] = _byTenant.GetValueOrDefault(key) + 1;
            return null;
        }
    }

    /// <summary>It is in the queue, or will not be.</summary>
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
