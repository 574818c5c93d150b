using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Protocol.Values;

/// <summary>Converts values to JSON by the rules of docs/values.md. Never throws.</summary>
internal static class JsonExport
{
    /// <summary>Characters or bytes written at a time.</summary>
    private const int Piece = 16 << 10;

    // The output is JSON, not HTML: text stays readable, as from JSON.stringify. Bytes from here are UTF-8 in a JSON context only.
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * ProtocolLimits.MaxDepth,
    };

    internal static ArrayBufferWriter<byte> ToUtf8(ScriptValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteUtf8(output, value);
        return output;
    }

    /// <summary>Writes a value in pieces, however long its texts and bytes are.</summary>
    public static void WriteUtf8(IBufferWriter<byte> output, ScriptValue value)
    {
        using var writer = new Utf8JsonWriter(output, s_options);
        Write(writer, value);
        writer.Flush();
    }

    /// <summary>Writes a value as JSON.</summary>
    public static void Write(Utf8JsonWriter writer, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined:
            case ScriptValueKind.Null:
                writer.WriteNullValue();
                break;
            case ScriptValueKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            case ScriptValueKind.Number:
                WriteNumber(writer, value.AsDouble());
                break;
            case ScriptValueKind.BigInt:
                writer.WriteStringValue(Digits(value.AsBigInteger()));
                break;
            case ScriptValueKind.String:
                WriteString(writer, value.AsString());
                break;
            case ScriptValueKind.Bytes:
                WriteBytes(writer, value.AsBytes().Span);
                break;
            case ScriptValueKind.Date:
                writer.WriteStringValue(IsoDate.Format(value.AsDateMilliseconds()));
                break;
            case ScriptValueKind.Array:
                writer.WriteStartArray();
                foreach (ScriptValue item in value.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptValueKind.Reference:
                WriteObject(writer, Plain(value.AsReference()));
                break;
            default:
                WriteObject(writer, value);
                break;
        }
    }

    internal static JsonNode? ToNode(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined:
            case ScriptValueKind.Null:
                return null;
            case ScriptValueKind.Boolean:
                return JsonValue.Create(value.AsBoolean());
            case ScriptValueKind.Number:
                double number = value.AsDouble();
                return !double.IsFinite(number) ? null : AsLong(number) is { } whole ? JsonValue.Create(whole) : JsonValue.Create(number);
            case ScriptValueKind.BigInt:
                return JsonValue.Create(Digits(value.AsBigInteger()));
            case ScriptValueKind.String:
                return JsonValue.Create(value.AsString());
            case ScriptValueKind.Bytes:
                return JsonValue.Create(Convert.ToBase64String(value.AsBytes().Span));
            case ScriptValueKind.Date:
                return JsonValue.Create(IsoDate.Format(value.AsDateMilliseconds()));
            case ScriptValueKind.Array:
                var array = new JsonArray();
                foreach (ScriptValue item in value.Items) array.Add(ToNode(item));
                return array;
            case ScriptValueKind.Reference:
                return ToNode(Plain(value.AsReference()));
            default:
                var node = new JsonObject();
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
                {
                    if (property.Value.Kind != ScriptValueKind.Undefined) node.Add(property.Key, ToNode(property.Value));
                }

                return node;
        }
    }

    /// <summary>The members of a reference that scripts see, as data.</summary>
    public static ScriptValue Plain(ScriptReference reference)
    {
        var members = new PropertyTable.Builder(4);
        members.Set("id", ScriptValue.OfString(reference.Id));
        members.Set("size", ScriptValue.OfInteger(reference.Size));
        members.Set("kind", ScriptValue.OfString(reference.Kind.ToString().ToLowerInvariant()));
        members.Set("preview", ScriptValue.OfString(reference.Preview));
        return ScriptValue.OfObject(members.Build());
    }

    internal static string Digits(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    private static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value)) writer.WriteNullValue();
        else if (AsLong(value) is { } whole) writer.WriteNumberValue(whole);
        else writer.WriteNumberValue(value);
    }

    // Digits rather than 1E+16, which no integer type reads back; -0 becomes 0, as from JSON.stringify.
    private static long? AsLong(double value) => value is > -1e18 and < 1e18 && double.IsInteger(value) ? (long)value : null;

    private static void WriteString(Utf8JsonWriter writer, string text)
    {
        if (Utf16.IsWellFormed(text)) WriteText(writer, text);
        else writer.WriteRawValue(JsonText.ToLiteral(text), skipInputValidation: true);
    }

    // A writer reserves six bytes per character at once, so a long text is written in pieces. The writer joins surrogate pairs that are split between pieces.
    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        if (text.Length <= Piece)
        {
            writer.WriteStringValue(text);
            return;
        }

        for (; text.Length > Piece; text = text[Piece..]) writer.WriteStringValueSegment(text[..Piece], isFinalSegment: false);
        writer.WriteStringValueSegment(text, isFinalSegment: true);
    }

    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Piece)
        {
            writer.WriteBase64StringValue(bytes);
            return;
        }

        for (; bytes.Length > Piece; bytes = bytes[Piece..]) writer.WriteBase64StringSegment(bytes[..Piece], isFinalSegment: false);
        writer.WriteBase64StringSegment(bytes, isFinalSegment: true);
    }

    private static void WriteObject(Utf8JsonWriter writer, ScriptValue value)
    {
        foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
        {
            if (Utf16.IsWellFormed(property.Key)) continue;
            WriteRawObject(writer, value);
            return;
        }

        writer.WriteStartObject();
        foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
        {
            if (property.Value.Kind == ScriptValueKind.Undefined) continue;
            writer.WritePropertyName(property.Key);
            Write(writer, property.Value);
        }

        writer.WriteEndObject();
    }

    // Utf8JsonWriter replaces lone surrogates in names and has no raw names. An object with such a name is written as one raw value with everything in it: a
    // raw value for each nested object would copy the innermost object at every level.
    private static void WriteRawObject(Utf8JsonWriter writer, ScriptValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var scalars = new Utf8JsonWriter(output, s_options)) AppendRaw(output, scalars, value);
        writer.WriteRawValue(output.WrittenSpan, skipInputValidation: true);
    }

    private static void AppendRaw(ArrayBufferWriter<byte> output, Utf8JsonWriter scalars, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Array:
                output.Write("["u8);
                for (int i = 0; i < value.Items.Length; i++)
                {
                    if (i > 0) output.Write(","u8);
                    AppendRaw(output, scalars, value.Items[i]);
                }

                output.Write("]"u8);
                break;
            case ScriptValueKind.Object:
                output.Write("{"u8);
                bool isFirst = true;
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    if (member.Kind == ScriptValueKind.Undefined) continue;
                    if (!isFirst) output.Write(","u8);
                    isFirst = false;
                    output.Write(JsonText.ToLiteral(key));
                    output.Write(":"u8);
                    AppendRaw(output, scalars, member);
                }

                output.Write("}"u8);
                break;
            default:
                scalars.Reset();
                Write(scalars, value);
                scalars.Flush();
                break;
        }
    }
}
