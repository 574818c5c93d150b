using System.Text.Json;

namespace Enclave.Broker.Fleet;

/// <summary>A broker.</summary>
internal sealed record BrokerPart(string Id, string Name, string State) : FleetPart(Id, Name, State)
{
    public const int MaxTenants = 50;

    public override string Kind => "broker";

    /// <summary>The address that it listens on; null if unknown.</summary>
    public string? Address { get; init; }

    /// <summary>Where its sessions run: <c>embedded</c>, <c>runtimes</c> or <c>queues</c>.</summary>
    public string Mode { get; init; } = "";

    public long UptimeMs { get; init; }

    public int Running { get; init; }

    public int Waiting { get; init; }

    /// <summary>Maximum number of sessions.</summary>
    public int Max { get; init; }

    /// <summary>Sessions opened since its start.</summary>
    public long Total { get; init; }

    /// <summary>Sessions refused since its start.</summary>
    public long Refused { get; init; }

    /// <summary>Median duration of the sessions that ended in the last 10 s, in milliseconds; null if none did.</summary>
    public double? P50 { get; init; }

    /// <summary>99th percentile of the durations of the sessions that ended in the last 10 s, in milliseconds; null if none did.</summary>
    public double? P99 { get; init; }

    public IReadOnlyList<QueuePart> Queues { get; init; } = [];

    /// <summary>The tenants with the most sessions.</summary>
    public IReadOnlyList<TenantPart> Tenants { get; init; } = [];

    /// <summary>Number of its tenants that are not listed.</summary>
    public int OtherTenants { get; init; }

    public static BrokerPart? Read(JsonElement json, string id, string name, string state)
    {
        if (FleetJson.Items(json, "queues", MaxQueues, QueuePart.Read) is not { } queues
            || FleetJson.Items(json, "tenants", MaxTenants, TenantPart.Read) is not { } tenants) return null;
        return new BrokerPart(id, name, state)
        {
            Address = FleetJson.Text(json, "address", MaxId),
            Mode = FleetJson.Text(json, "mode", MaxName) is { } mode and ("embedded" or "runtimes" or "queues") ? mode : "",
            UptimeMs = FleetJson.Number(json, "uptimeMs"),
            Running = FleetJson.Count(json, "running"),
            Waiting = FleetJson.Count(json, "waiting"),
            Max = FleetJson.Count(json, "max"),
            Total = FleetJson.Number(json, "total"),
            Refused = FleetJson.Number(json, "refused"),
            P50 = FleetJson.Milliseconds(json, "p50"),
            P99 = FleetJson.Milliseconds(json, "p99"),
            Queues = queues,
            Tenants = tenants,
            OtherTenants = FleetJson.Count(json, "otherTenants"),
        };
    }

    protected override void WriteOwn(Utf8JsonWriter writer)
    {
        if (Address is not null) writer.WriteString("address"u8, Address);
        writer.WriteString("mode"u8, Mode);
        writer.WriteNumber("uptimeMs"u8, UptimeMs);
        writer.WriteNumber("running"u8, Running);
        writer.WriteNumber("waiting"u8, Waiting);
        writer.WriteNumber("max"u8, Max);
        writer.WriteNumber("total"u8, Total);
        writer.WriteNumber("refused"u8, Refused);
        FleetJson.Write(writer, "p50", P50);
        FleetJson.Write(writer, "p99", P99);
        writer.WriteStartArray("queues"u8);
        foreach (QueuePart queue in Queues) queue.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteStartArray("tenants"u8);
        foreach (TenantPart tenant in Tenants) tenant.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteNumber("otherTenants"u8, OtherTenants);
    }
}
