using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Protocol.Values;

/// <summary>Writes for a serializer what a script made: a value may be deeper than serializers allow of their own objects, 64 levels as a rule.</summary>
internal static class RawJson
{
    public static void Write(Utf8JsonWriter target, JsonSerializerOptions options, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        // The serializer's own escaping: what it makes may stand in a page.
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = options.Encoder ?? JavaScriptEncoder.Default, SkipValidation = true })) write(writer);
        target.WriteRawValue(output.WrittenSpan, skipInputValidation: true);
    }
}
