using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The last event of a session. Every session has exactly one.</summary>
public sealed record Final : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "final";

    /// <summary>True if the script ended without a failure.</summary>
    public required bool Ok { get; init; }

    /// <summary>The returned value; null if the script returned nothing or failed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed; null if it succeeded.</summary>
    public ErrorInfo? Error { get; init; }

    /// <summary>Failures during the run, and details of <see cref="Error"/>; null for none.</summary>
    public IReadOnlyList<ErrorPayload>? Errors { get; init; }

    /// <summary>Statistics of the session; null if not sent.</summary>
    public FinalStats? Stats { get; init; }

    /// <summary>The last event of a session that failed.</summary>
    internal static Final Failure(ErrorInfo error, FinalStats stats) => new() { Ok = false, Error = error, Stats = stats };

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
