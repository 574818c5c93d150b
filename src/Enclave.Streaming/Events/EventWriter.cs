using System.Text.Json;

namespace Enclave.Streaming.Events;

/// <summary>Writes events as JSON, members in the order of the wire. Members without a value are left out.</summary>
internal static class EventWriter
{
    internal static void Write(Utf8JsonWriter writer, SessionEvent written) =>
        Write(writer, written.ProtocolVersion, written.SessionId, written.Seq, written.Payload);

    internal static void Write(Utf8JsonWriter writer, int version, string sessionId, long seq, EventPayload payload)
    {
        writer.WriteStartObject();
        writer.WriteNumber("protocolVersion"u8, version);
        writer.WriteString("sessionId"u8, sessionId);
        writer.WriteNumber("seq"u8, seq);
        writer.WriteString("type"u8, payload.Type);
        writer.WriteStartObject("payload"u8);
        payload.WriteMembers(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a member, or nothing if it is null.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    /// <summary>Writes a member, or nothing if it is null.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value) writer.WriteNumber(name, value);
    }

    /// <summary>Writes a member, or nothing if it is null.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? json)
    {
        if (json is not { } value) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    internal static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Writes a time like <c>Date.prototype.toISOString</c>.</summary>
    public static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[24];
        if (!time.UtcDateTime.TryFormat(text, out int length, "yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture))
            throw new InvalidOperationException("a time must have 24 characters");
        writer.WriteString(name, text[..length]);
    }
}
