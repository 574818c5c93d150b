using Enclave.Broker.Fleet;

namespace Enclave.RabbitMq.Brokers;

/// <summary>Sends reports to the other brokers at the same RabbitMQ server.</summary>
internal sealed class QueueFleetPublisher(BrokerQueueLink post) : IFleetPublisher
{
    public void Post(ReadOnlyMemory<byte> part) => post.Post(part);
}
