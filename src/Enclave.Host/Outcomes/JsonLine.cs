using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>What programs read elsewhere: one JSON object on one line.</summary>
internal static class JsonLine
{
    // The output is JSON, not HTML: text stays readable, as from JSON.stringify.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_options)) write(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // A script's text may hold lone surrogates, which the writer alone would replace; values keep them.
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        writer.WritePropertyName(name);
        ScriptValue.From(text).WriteTo(writer);
    }
}
