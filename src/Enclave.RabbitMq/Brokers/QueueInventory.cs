using Enclave.Broker.Fleet;
using Enclave.Broker.Stats;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The runtimes as they report themselves.</summary>
internal sealed class QueueInventory(Dispatcher dispatcher, BrokerQueueLink post) : IRuntimeInventory
{
    /// <summary>Enough characters of a name to tell runtimes apart.</summary>
    private const int NameLength = 8;

    public string Mode => RuntimeModes.Queues;

    public IReadOnlyList<QueuePart> Queues() => [
        .. dispatcher.ReadStats().Select(static (lane) => new QueuePart(lane.Lane, lane.Waiting, lane.Published, lane.Free, (long)lane.Age.TotalMilliseconds))];

    public Task<IReadOnlyList<RuntimeStats>> InspectAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RuntimeStats> inventory = post.Fault is { } fault
            ? [new RuntimeStats("RabbitMQ", "unreachable", 0) { Message = fault }]
            : [.. dispatcher.Runtimes().Select(static (runtime) => new RuntimeStats(
                runtime.Id[..NameLength], runtime.Presence.Protocol is not { IsUnderstood: true }
                ? "unsupported"
                : runtime.Presence.Slots > 0 ? "ok" : "stopping", runtime.Presence.Active)
            {
                Max = runtime.Presence.Slots,
                Protocol = runtime.Presence.Protocol?.Version,
                Level = runtime.Presence.Queues is [var first, ..] ? first.Split('.')[0] : null,
            })];
        return Task.FromResult(inventory);
    }
}
