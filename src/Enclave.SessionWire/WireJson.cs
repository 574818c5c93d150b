using System.Buffers;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.SessionWire;

/// <summary>Converts values of scripts to JSON of the wire.</summary>
/// <remarks>
/// <c>undefined</c> has no value: it is left out of objects and is null in arrays. NaN and the infinities are null, a BigInt is a string of digits, a date
/// ISO 8601, bytes base64. A reference is <c>{"$ref":{"id":"ref_…"}}</c>. A lone surrogate is U+FFFD, because the wire is UTF-8.
/// </remarks>
internal static class WireJson
{
    /// <summary>The prefix of reference ids on the wire, which the host does not use.</summary>
    public const string ReferencePrefix = "ref_";

    // A value may be nested deeper than the reader's default of 64 levels.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    // The same options as for the line, so that the element has the size of the sent text.
    private static readonly JsonWriterOptions s_writing = JsonWriting.Options with { MaxDepth = s_deep.MaxDepth };

    private static readonly JsonElement s_emptyObject = JsonDocument.Parse("{}").RootElement;

    private static readonly JsonElement s_null = JsonDocument.Parse("null").RootElement;

    /// <summary>Converts a value; null for <c>undefined</c>.</summary>
    public static JsonElement? Of(ScriptValue value)
    {
        if (value.Kind == ScriptValueKind.Undefined) return null;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_writing)) Write(writer, value);
        // Not disposed: the element uses its buffer.
        return JsonDocument.Parse(output.WrittenMemory, s_deep).RootElement;
    }

    /// <summary>A tool's arguments, which are required on the wire: a call without any has an empty object.</summary>
    /// <param name="args">The arguments; null if they are no longer known.</param>
    public static JsonElement Args(ScriptValue? args) => args is null ? s_null : Of(args) ?? s_emptyObject;

    /// <summary>A text without lone surrogates.</summary>
    public static string Text(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0) return text;
        char[] whole = text.ToCharArray();
        for (int i = 0; i < whole.Length; i++)
        {
            if (!char.IsSurrogate(whole[i])) continue;
            if (i + 1 < whole.Length && char.IsSurrogatePair(whole[i], whole[i + 1])) i++;
            else whole[i] = '\ufffd';
        }

        return new string(whole);
    }

    private static void Write(Utf8JsonWriter writer, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.String:
                writer.WriteStringValue(Text(value.AsString()));
                break;
            case ScriptValueKind.Array:
                writer.WriteStartArray();
                foreach (ScriptValue item in value.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptValueKind.Object:
                writer.WriteStartObject();
                foreach ((string key, ScriptValue item) in value.Properties)
                {
                    if (item.Kind == ScriptValueKind.Undefined) continue;
                    writer.WritePropertyName(Text(key));
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            case ScriptValueKind.Reference:
                writer.WriteStartObject();
                writer.WriteStartObject("$ref"u8);
                writer.WriteString("id"u8, ReferencePrefix + value.AsReference().Id);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
