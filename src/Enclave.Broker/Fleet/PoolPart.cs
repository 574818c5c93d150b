using System.Text.Json;

namespace Enclave.Broker.Fleet;

/// <summary>The state of a pool of workers, as <see cref="SessionWire.WirePool"/> writes it.</summary>
internal sealed record PoolPart
{
    /// <summary>Our reasons and kinds are short lists. These limits hold for reports that claim otherwise.</summary>
    private const int MaxCounts = 16, MaxKind = 40;

    internal int Workers { get; init; }

    internal int Active { get; init; }

    internal int Idle { get; init; }

    internal int Starting { get; init; }

    internal int Max { get; init; }

    internal int Queue { get; init; }

    internal long QueueAgeMs { get; init; }

    /// <summary>Recycled workers, by reason.</summary>
    public IReadOnlyDictionary<string, long> Recycled { get; init; } = new Dictionary<string, long>();

    /// <summary>Security events, by kind.</summary>
    public IReadOnlyDictionary<string, long> Security { get; init; } = new Dictionary<string, long>();

    /// <summary>Returns the part for a pool.</summary>
    public static PoolPart Of(PoolSnapshot pool) => new()
    {
        Workers = pool.Workers,
        Active = pool.ActiveWorkers,
        Idle = pool.IdleWorkers,
        Starting = pool.StartingWorkers,
        Max = pool.MaxWorkers,
        Queue = pool.QueueDepth,
        QueueAgeMs = (long)pool.QueueAge.TotalMilliseconds,
        Recycled = pool.RecycledBy.ToDictionary(
            (entry) => JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Key.ToString()), (entry) => entry.Value, StringComparer.Ordinal),
        Security = pool.SecurityEventsBy.ToDictionary(
            (entry) => JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Key.ToString()), (entry) => entry.Value, StringComparer.Ordinal),
    };

    internal static PoolPart Read(JsonElement json) => new()
    {
        Workers = FleetJson.Count(json, "workers"),
        Active = FleetJson.Count(json, "active"),
        Idle = FleetJson.Count(json, "idle"),
        Starting = FleetJson.Count(json, "starting"),
        Max = FleetJson.Count(json, "max"),
        Queue = FleetJson.Count(json, "queue"),
        QueueAgeMs = FleetJson.Number(json, "queueAgeMs"),
        Recycled = FleetJson.Counts(json, "recycled", MaxCounts, MaxKind),
        Security = FleetJson.Counts(json, "security", MaxCounts, MaxKind),
    };

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("workers"u8, Workers);
        writer.WriteNumber("active"u8, Active);
        writer.WriteNumber("idle"u8, Idle);
        writer.WriteNumber("starting"u8, Starting);
        writer.WriteNumber("max"u8, Max);
        writer.WriteNumber("queue"u8, Queue);
        writer.WriteNumber("queueAgeMs"u8, QueueAgeMs);
        FleetJson.Write(writer, "recycled", Recycled);
        FleetJson.Write(writer, "security", Security);
        writer.WriteEndObject();
    }
}
