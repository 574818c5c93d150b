using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.JavaScript;

namespace Enclave.Cli.Parse;

/// <summary>The JSON output of <c>enclave parse</c>.</summary>
internal static class ParseJson
{
    // UTF-8 in JSON, not HTML.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = int.MaxValue };

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_options)) write(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Quote(string text) => Write((writer) => writer.WriteStringValue(text));

    public static string Error(string message) => Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("message", message);
        writer.WriteEndObject();
    });

    public static string Error(ParseError error) => Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("message", error.Message);
        writer.WriteNumber("offset", error.Offset);
        writer.WriteNumber("line", error.Position.Line);
        writer.WriteNumber("column", error.Position.Column);
        writer.WriteEndObject();
    });
}
