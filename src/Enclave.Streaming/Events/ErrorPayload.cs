using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>One failure among several.</summary>
public sealed record ErrorPayload
{
    /// <summary>Its code.</summary>
    public required string Code { get; init; }

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>The names that lead to the affected part; null for all.</summary>
    public IReadOnlyList<string>? Path { get; init; }

    /// <summary>Objects with a <c>type</c>: <c>retry_info</c>, <c>upstream_info</c>, <c>validation_info</c> or <c>quota_info</c>; null for none.</summary>
    public IReadOnlyList<JsonElement>? Details { get; init; }

    /// <summary>Writes the error as an object of the wire.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("code"u8, Code);
        writer.WriteString("message"u8, Message);
        if (Path is not null) EventWriter.WriteTexts(writer, "path"u8, Path);
        if (Details is not null)
        {
            writer.WriteStartArray("details"u8);
            foreach (JsonElement detail in Details) detail.WriteTo(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
