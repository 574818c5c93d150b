using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Sessions in queues of a RabbitMQ server, from which runtimes take them.</summary>
internal sealed class QueueTransport(QueueBrokerOptions options, SecurityLevel level, Dispatcher dispatcher, TimeProvider clock) : IRuntimeTransport
{
    private const int MaxTries = 2;

    public string Name => "rabbitmq";

    public bool IsReady => dispatcher.HasRuntime;

    public TimeSpan EndTimeout => options.EndTimeout;

    /// <summary>Twice: what a runtime lost or refused before its begin runs elsewhere, once. What a runtime that stops gave back counts as no try.</summary>
    public IEnumerable<IRuntimePlace> Places(BrokerSession session)
    {
        QueueTenant tenant = options.TenantOf?.Invoke(session.Caller.Tenant) ?? new QueueTenant();
        if (!QueueOptionsCheck.IsName(tenant.TrustClass)) throw new InvalidOperationException($"QueueTenant.TrustClass is '{tenant.TrustClass}', which is no name of a class");
        string lane = QueueNames.Lane(tenant.Level ?? level, tenant.TrustClass);
        long submitted = clock.GetTimestamp();
        return Tries();

        IEnumerable<IRuntimePlace> Tries()
        {
            int returns = 0;
            for (int tries = 0; tries < MaxTries; tries++)
            {
                var place = new QueuePlace(session, tenant, lane, tries + returns > 0, submitted, dispatcher, clock);
                yield return place;
                if (place.WasReturned && returns++ < Dispatcher.MaxReturns) tries--;
            }
        }
    }

    public ErrorInfo Unavailable(int tried) => new("no runtime began the session, though it was offered twice; the broker's log says why", "RUNTIME_UNAVAILABLE");
}
