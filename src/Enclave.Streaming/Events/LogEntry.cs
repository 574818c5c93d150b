using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>A log entry that is not from the script.</summary>
public sealed record LogEntry : EventPayload
{
    private static readonly string[] s_levels = ["debug", "info", "warn", "error"];

    /// <inheritdoc/>
    public override string Type => "log";

    /// <summary>Its severity.</summary>
    public required LogSeverity Level { get; init; }

    /// <summary>Its text.</summary>
    public required string Message { get; init; }

    /// <summary>Details as an object; null for none.</summary>
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
