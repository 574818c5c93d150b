namespace Enclave.Broker.Fleet;

/// <summary>Sends reports to the other brokers.</summary>
internal interface IFleetPublisher
{
    /// <summary>Tells all of them what a part says; nobody waits for it, and what is lost is said again soon.</summary>
    void Post(ReadOnlyMemory<byte> part);
}
