using System.Buffers;
using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>Objects made on the spot.</summary>
internal static class JsonText
{
    public static JsonElement Of(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, EventWriter.Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }
}
