using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>A part of a result.</summary>
public sealed record PartialResult : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "partial_result";

    /// <summary>The names that lead to its place.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>The part; null if there is none, as after a failure.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Why there is no data; null if there is.</summary>
    public ErrorPayload? Error { get; init; }

    /// <summary>True if more parts will come.</summary>
    public required bool HasNext { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteTexts(writer, "path"u8, Path);
        EventWriter.WriteOptional(writer, "data"u8, Data);
        if (Error is not null)
        {
            writer.WritePropertyName("error"u8);
            Error.Write(writer);
        }

        writer.WriteBoolean("hasNext"u8, HasNext);
    }
}
