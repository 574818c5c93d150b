using System.Globalization;
using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave;

/// <content>Events as JSON, for other programs.</content>
public abstract partial record ExecutionEvent
{
    /// <summary>The event's kind in JSON, for example <c>tool_call</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Returns the event as one JSON object on one line; see <see cref="WriteTo"/>.</summary>
    public string ToJsonString() => JsonLine.Of(WriteTo);

    /// <summary>
    /// Writes the event as one JSON object: <c>seq</c>, <c>time</c> (ISO 8601, UTC), <c>type</c>, then the members of its kind (docs/streaming.md).
    /// </summary>
    /// <remarks>Names are in camelCase, times are milliseconds with the unit in their name, values follow <see cref="ScriptValue.WriteTo"/>.</remarks>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteNumber("seq"u8, Sequence);
        writer.WriteString("time"u8, Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("type"u8, Type);
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    private protected abstract void WriteMembers(Utf8JsonWriter writer);

    private protected static void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ScriptValue value, bool? omitted)
    {
        if (value.Kind != ScriptValueKind.Undefined)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        if (omitted is true) writer.WriteBoolean("payloadOmitted"u8, true);
    }
}
