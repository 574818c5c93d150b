namespace Enclave.Broker.Fleet;

/// <summary>Sends reports to the other brokers.</summary>
internal interface IFleetPublisher
{
    /// <summary>Sends the report of a part to all brokers. Returns at once. A lost report is replaced by the next one.</summary>
    void Post(ReadOnlyMemory<byte> part);
}
