using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>Writes one JSON object on one line, for other programs.</summary>
internal static class JsonLine
{
    // JSON, not HTML: text stays readable, as with JSON.stringify.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_options)) write(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // A script's text may contain lone surrogates, which the writer alone would replace. Values keep them.
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        writer.WritePropertyName(name);
        ScriptValue.From(text).WriteTo(writer);
    }
}
