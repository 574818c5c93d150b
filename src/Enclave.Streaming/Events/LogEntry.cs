using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>Somebody beside the script tells of something.</summary>
public sealed record LogEntry : EventPayload
{
    private static readonly string[] s_levels = ["debug", "info", "warn", "error"];

    /// <inheritdoc/>
    public override string Type => "log";

    /// <summary>How much it matters.</summary>
    public required LogSeverity Level { get; init; }

    /// <summary>What it is.</summary>
    public required string Message { get; init; }

    /// <summary>An object with more of it; null for none.</summary>
    public JsonElement? Data { get; init; }

    internal static bool TryLevel(string text, out LogSeverity level)
    {
        int index = Array.IndexOf(s_levels, text);
        level = (LogSeverity)Math.Max(0, index);
        return index >= 0;
    }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("level"u8, s_levels[(int)Level]);
        writer.WriteString("message"u8, Message);
        EventWriter.WriteOptional(writer, "data"u8, Data);
    }
}
