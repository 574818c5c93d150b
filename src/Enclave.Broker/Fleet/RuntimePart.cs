using System.Text.Json;
using Enclave.Broker.Stats;

namespace Enclave.Broker.Fleet;

/// <summary>A runtime, or the workers of a broker.</summary>
internal sealed record RuntimePart(string Id, string Name, string State) : FleetPart(Id, Name, State)
{
    private const int MaxMessage = 200;

    /// <inheritdoc/>
    public override string Kind => "runtime";

    /// <summary>Why it is unavailable; null if it is available.</summary>
    public string? Message { get; init; }

    /// <summary>The security level of its scripts; null if it does not say.</summary>
    public string? Level { get; init; }

    /// <summary>The queues that it takes sessions from, as <c>level.class</c>; empty if brokers connect to it.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Maximum number of sessions; null if unknown.</summary>
    public int? Slots { get; init; }

    /// <summary>Number of sessions that it runs.</summary>
    public int Used { get; init; }

    /// <summary>Its workers; null if it does not report them.</summary>
    public PoolPart? Pool { get; init; }

    internal static RuntimePart Of(RuntimeStats place, string id, string name) => new(id, name, place.Status)
    {
        Message = Cut(place.Message),
        Version = place.Version,
        Level = place.Level,
        Slots = place.Max,
        Used = place.Held ?? place.Active,
        Pool = place.Pool is { } pool ? PoolPart.Read(pool) : null,
    };

    internal static RuntimePart? Read(JsonElement json, string id, string name, string state)
    {
        if (FleetJson.Items(json, "queues", MaxQueues, (queue) =>
            queue.ValueKind == JsonValueKind.String && queue.GetString() is { Length: > 0 and <= MaxId } text ? text : null) is not { } queues) return null;
        return new RuntimePart(id, name, state)
        {
            Message = FleetJson.Text(json, "message", MaxMessage),
            Level = FleetJson.Text(json, "level", MaxName),
            Queues = queues,
            Slots = json.TryGetProperty("slots", out JsonElement slots) && slots.ValueKind == JsonValueKind.Number ? FleetJson.Count(json, "slots") : null,
            Used = FleetJson.Count(json, "used"),
            Pool = json.TryGetProperty("pool", out JsonElement pool) && pool.ValueKind == JsonValueKind.Object ? PoolPart.Read(pool) : null,
        };
    }

    /// <inheritdoc/>
    protected override void WriteOwn(Utf8JsonWriter writer)
    {
        if (Message is not null) writer.WriteString("message"u8, Message);
        if (Level is not null) writer.WriteString("level"u8, Level);
        writer.WriteStartArray("queues"u8);
        foreach (string queue in Queues) writer.WriteStringValue(queue);
        writer.WriteEndArray();
        if (Slots is { } slots) writer.WriteNumber("slots"u8, slots);
        writer.WriteNumber("used"u8, Used);
        if (Pool is null) return;
        writer.WritePropertyName("pool"u8);
        Pool.WriteTo(writer);
    }

    private static string? Cut(string? text) => text is { Length: > MaxMessage } ? text[..MaxMessage] : text;
}
