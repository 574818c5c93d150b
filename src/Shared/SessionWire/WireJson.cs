using System.Buffers;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.SessionWire;

/// <summary>Values of scripts as JSON of the wire.</summary>
/// <remarks>
/// <c>undefined</c> is no value; inside an object it is left out, inside an array null. NaN and the infinities are null, a BigInt is a string of digits, a date ISO 8601, bytes base64.
/// A reference is <c>{"$ref":{"id":"ref_…"}}</c>. A lone surrogate is U+FFFD: the wire is UTF-8.
/// </remarks>
internal static class WireJson
{
    /// <summary>What the id of every reference begins with on the wire, and not in the host.</summary>
    public const string ReferencePrefix = "ref_";

    // A value may be nested deeper than the 64 levels that the reader takes unasked.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    // As the line has it, so that the element is as long as what is sent.
    private static readonly JsonWriterOptions s_writing = JsonWriting.Options with { MaxDepth = s_deep.MaxDepth };

    private static readonly JsonElement s_emptyObject = JsonDocument.Parse("{}").RootElement;

    private static readonly JsonElement s_null = JsonDocument.Parse("null").RootElement;

    /// <summary>A value; null for <c>undefined</c>.</summary>
    public static JsonElement? Of(ScriptValue value)
    {
        if (value.Kind == ScriptValueKind.Undefined) return null;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_writing)) Write(writer, value);
        // Not disposed: the element lives on its buffer.
        return JsonDocument.Parse(output.WrittenMemory, s_deep).RootElement;
    }

    /// <summary>A tool's arguments, of which there always are some: a call without any has an empty object.</summary>
    /// <param name="args">The arguments; null when they are not known any more.</param>
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
