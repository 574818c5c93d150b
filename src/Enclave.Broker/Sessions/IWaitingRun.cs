using Enclave.Queues;

namespace Enclave.Broker.Sessions;

/// <summary>A run that waits for a worker or for a runtime.</summary>
internal interface IWaitingRun
{
    /// <summary>Its position in the queue; null if it is not waiting, or not yet.</summary>
    QueuePosition? Position { get; }
}
