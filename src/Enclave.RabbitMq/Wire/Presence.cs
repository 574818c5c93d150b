using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Broker.Fleet;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Wire;

/// <summary>The report of a runtime to all brokers.</summary>
/// <param name="Queues">The levels and classes that it runs.</param>
/// <param name="Slots">Maximum number of sessions; 0 while it is stopping.</param>
/// <param name="Active">Number of its sessions of all brokers.</param>
/// <param name="Brokers">Number of its sessions over queues, by broker.</param>
internal sealed record Presence(IReadOnlyList<string> Queues, int Slots, int Active, IReadOnlyDictionary<string, int> Brokers)
{
    /// <summary>Maximum size of a body.</summary>
    public const int MaxBytes = 32 << 10;

    /// <summary>Maximum number of sessions of a runtime with queues. Each may be of another broker, and brokers refuse a body that names more.</summary>
    public const int MaxSlots = 256;

    private const int MaxQueues = 16, MaxLane = 80;

    /// <summary>Its protocol; null if unreadable.</summary>
    public PeerProtocol? Protocol { get; init; } = PeerProtocol.Ours;

    /// <summary>Its other statistics, for operators; null if unreadable.</summary>
    public RuntimePart? Status { get; init; }

    public ReadOnlyMemory<byte> Write()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("queues"u8);
            foreach (string queue in Queues) writer.WriteStringValue(queue);
            writer.WriteEndArray();
            writer.WriteNumber("slots"u8, Slots);
            writer.WriteNumber("active"u8, Active);
            writer.WriteStartObject("brokers"u8);
            foreach ((string broker, int sessions) in Brokers) writer.WriteNumber(broker, sessions);
            writer.WriteEndObject();
            writer.WriteString("protocol"u8, Protocol?.ToString());
            if (Status is not null)
            {
                writer.WriteStartObject("figures"u8);
                Status.WriteMembers(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out Presence? presence)
    {
        presence = null;
        if (body.Length > MaxBytes || !BoundedJson.TryParse(body, out JsonDocument? document)) return false;
        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !BoundedJson.TryCount(root, "slots", MaxSlots, out int slots)
                || !BoundedJson.TryCount(root, "active", int.MaxValue, out int active)) return false;
            if (!root.TryGetProperty("queues", out JsonElement queues) || queues.ValueKind != JsonValueKind.Array || queues.GetArrayLength() > MaxQueues)
                return false;
            if (queues.EnumerateArray().Any((queue) => queue.ValueKind != JsonValueKind.String || queue.GetString()!.Length > MaxLane)) return false;
            if (BoundedJson.Counts(root, "brokers") is not { } brokers) return false;
            presence = new Presence([.. queues.EnumerateArray().Select((queue) => queue.GetString()!)], slots, active, brokers.ToDictionary(
                (broker) => broker.Key, (broker) => (int)Math.Min(broker.Value, MaxSlots), StringComparer.Ordinal))
            {
                Protocol = Spoken(root),
                Status = root.TryGetProperty("figures", out JsonElement figures) ? FleetJson.Read(figures) as RuntimePart : null,
            };
            return true;
        }
    }

    private static PeerProtocol? Spoken(JsonElement root)
    {
        if (!root.TryGetProperty("protocol", out JsonElement said)) return PeerProtocol.First;
        return said.ValueKind == JsonValueKind.String && PeerProtocol.TryRead(said.GetString(), out PeerProtocol? protocol) ? protocol : null;
    }
}
