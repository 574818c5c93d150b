using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The last event of a session, of every session exactly one.</summary>
public sealed record Final : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "final";

    /// <summary>Whether the script ended without a failure.</summary>
    public required bool Ok { get; init; }

    /// <summary>What the script returned; null when it returned nothing, or failed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public ErrorInfo? Error { get; init; }

    /// <summary>Failures on the way, and what is known of <see cref="Error"/> beside its words; null for none.</summary>
    public IReadOnlyList<ErrorPayload>? Errors { get; init; }

    /// <summary>What it took; null when it is not said.</summary>
    public FinalStats? Stats { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("ok"u8, Ok);
        EventWriter.WriteOptional(writer, "result"u8, Result);
        Error?.WriteTo(writer);
        if (Errors is { Count: > 0 })
        {
            writer.WriteStartArray("errors"u8);
            foreach (ErrorPayload error in Errors) error.Write(writer);
            writer.WriteEndArray();
        }

        if (Stats is null) return;
        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("durationMs"u8, Stats.DurationMs);
        writer.WriteNumber("toolCallCount"u8, Stats.ToolCallCount);
        writer.WriteNumber("stdoutBytes"u8, Stats.StdoutBytes);
        writer.WriteEndObject();
    }
}
