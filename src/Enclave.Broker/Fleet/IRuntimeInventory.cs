using Enclave.Broker.Stats;

namespace Enclave.Broker.Fleet;

/// <summary>Lists the runtimes that run the sessions of this broker: its own host, runtimes over WebSockets, or runtimes at queues.</summary>
internal interface IRuntimeInventory
{
    /// <summary>One of <see cref="RuntimeModes"/>.</summary>
    string Mode { get; }

    /// <summary>Returns the state of each runtime. A runtime that does not answer is reported as such.</summary>
    Task<IReadOnlyList<RuntimeStats>> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Returns the queues in which sessions wait for them.</summary>
    IReadOnlyList<QueuePart> Queues();
}
