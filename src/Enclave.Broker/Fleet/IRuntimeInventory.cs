using Enclave.Broker.Stats;

namespace Enclave.Broker.Fleet;

/// <summary>The places where the sessions of this broker run.</summary>
internal interface IRuntimeInventory
{
    /// <summary>One of <see cref="RuntimeModes"/>.</summary>
    string Mode { get; }

    /// <summary>Looks at all of them. One that does not answer is told of as such.</summary>
    Task<IReadOnlyList<RuntimeStats>> LookAsync(CancellationToken cancellationToken);

    /// <summary>What waits for them.</summary>
    IReadOnlyList<QueuePart> Queues();
}
