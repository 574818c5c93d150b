using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Streaming.Json;

/// <summary>Options for writing JSON, and objects written in one call.</summary>
internal static class JsonWriting
{
    // The output is JSON, not HTML: text stays readable, as from JSON.stringify.

    /// <summary>The options with which every event is written.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    internal static JsonElement Object(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }
}
