using System.Text.Json;

namespace Enclave.SessionWire;

/// <summary>Writes a pool of workers and its isolation as JSON for operators (docs/broker.md, Figures).</summary>
internal static class WirePool
{
    /// <summary>Writes the pool as an object.</summary>
    public static void Write(Utf8JsonWriter writer, PoolSnapshot pool)
    {
        writer.WriteStartObject();
        writer.WriteNumber("workers"u8, pool.Workers);
        writer.WriteNumber("active"u8, pool.ActiveWorkers);
        writer.WriteNumber("idle"u8, pool.IdleWorkers);
        writer.WriteNumber("starting"u8, pool.StartingWorkers);
        writer.WriteNumber("max"u8, pool.MaxWorkers);
        writer.WriteNumber("queue"u8, pool.QueueDepth);
        writer.WriteNumber("queueAgeMs"u8, (long)pool.QueueAge.TotalMilliseconds);
        writer.WriteNumber("submitted"u8, pool.Submitted);
        writer.WriteNumber("settled"u8, pool.Settled);
        writer.WriteStartObject("recycled"u8);
        foreach ((RecycleReason reason, long count) in pool.RecycledBy.OrderBy((entry) => entry.Key))
            writer.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), count);
        writer.WriteEndObject();
        writer.WriteStartObject("security"u8);
        foreach ((SecurityEventKind kind, long count) in pool.SecurityEventsBy.OrderBy((entry) => entry.Key))
            writer.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()), count);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes each layer as most workers have it; without a worker, as this machine offers it.</summary>
    public static void Write(Utf8JsonWriter writer, IsolationReport report)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("available"u8, report.Available);
        writer.WriteNumber("workers"u8, report.Workers.Count);
        writer.WriteStartArray("layers"u8);
        for (int i = 0; i < report.Layers.Count; i++)
        {
            LayerReport[] around = [.. report.Workers.Select((worker) => worker.Layers[i])];
            LayerReport shown = around.GroupBy((layer) => layer.Status).OrderByDescending((group) => group.Count()).FirstOrDefault()?.First()
                ?? report.Layers[i];
            writer.WriteStartObject();
            writer.WriteString("layer"u8, Name(shown.Layer.ToString()));
            writer.WriteString("requirement"u8, Name(shown.Requirement.ToString()));
            writer.WriteString("status"u8, Name(shown.Status.ToString()));
            writer.WriteNumber("active"u8, around.Count((layer) => layer.Status == LayerStatus.Active));
            writer.WriteString("method"u8, shown.Method);
            writer.WriteString("detail"u8, shown.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Name(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
