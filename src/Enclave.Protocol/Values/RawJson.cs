using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Protocol.Values;

/// <summary>Writes a script's value for a serializer. A value may be deeper than serializers allow, which is usually 64 levels.</summary>
internal static class RawJson
{
    /// <summary>Writes JSON that <paramref name="write"/> writes, with other options than the target's.</summary>
    public static void Write(Utf8JsonWriter target, JsonSerializerOptions options, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        // Use the serializer's own escaping, because the output may become a part of a web page.
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = options.Encoder ?? JavaScriptEncoder.Default, SkipValidation = true }))
            write(writer);
        target.WriteRawValue(output.WrittenSpan, skipInputValidation: true);
    }
}
