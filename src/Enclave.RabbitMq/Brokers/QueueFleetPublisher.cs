using Enclave.Broker.Fleet;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The way to the other brokers at the same server.</summary>
internal sealed class QueueFleetPublisher(BrokerQueueLink post) : IFleetPublisher
{
    public void Post(ReadOnlyMemory<byte> part) => post.Post(part);
}
