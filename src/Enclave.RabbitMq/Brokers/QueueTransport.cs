using Enclave.Broker.Errors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Carries sessions over queues of a RabbitMQ server, from which runtimes take them.</summary>
internal sealed class QueueTransport(QueueBrokerOptions options, SecurityLevel level, Dispatcher dispatcher, TimeProvider clock) : IRuntimeTransport
{
    public const string TransportName = "rabbitmq";

    private const int MaxTries = 2;

    public string Name => TransportName;

    public bool IsReady => dispatcher.HasRuntime;

    public BrokerError? Admit(BrokerSession session)
    {
        QueueTenant tenant = options.TenantOf?.Invoke(session.Caller.Tenant) ?? new QueueTenant();
        if (!QueueOptionsCheck.IsName(tenant.TrustClass))
            throw new InvalidOperationException($"QueueTenant.TrustClass is '{tenant.TrustClass}', which is not a valid class name");
        return dispatcher.Admit(session, tenant, QueueNames.Lane(tenant.Level ?? level, tenant.TrustClass));
    }

    /// <summary>
    /// The queue twice: a run that a runtime lost or refused before it began is tried once more. A run
    /// that a stopping runtime returned does not count as an attempt.
    /// </summary>
    public IEnumerable<IRuntimeTarget> Targets(BrokerSession session)
    {
        var seat = (LaneSeat)session.Seat!;
        long submitted = clock.GetTimestamp();
        return Tries();

        IEnumerable<IRuntimeTarget> Tries()
        {
            int returns = 0;
            for (int tries = 0; tries < MaxTries; tries++)
            {
                var run = new QueuedRun(session, seat.Tenant, seat.Lane, tries + returns > 0, submitted, dispatcher, clock);
                yield return run;
                if (run.WasReturned && returns++ < Dispatcher.MaxReturns) tries--;
            }
        }
    }

    public ErrorInfo Unavailable(int tried) =>
        new("no runtime began the session, although it was offered twice; the broker's log says why", SessionCode.RuntimeUnavailable);
}
