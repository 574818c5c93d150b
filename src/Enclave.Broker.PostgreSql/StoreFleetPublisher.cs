using Enclave.Broker.Fleet;

namespace Enclave.Broker.PostgreSql;

/// <summary>Sends reports to the other brokers on the same database.</summary>
internal sealed class StoreFleetPublisher(PostgreSqlSessionStore store) : IFleetPublisher
{
    public void Post(ReadOnlyMemory<byte> part) => _ = store.TellAsync(part);
}
