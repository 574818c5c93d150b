using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <content>Writes parsed JSON directly: its names and texts are UTF-8 already, as in MessagePack.</content>
internal sealed partial class ObjectConversion
{
    /// <summary>An object with more properties is converted first, because its names are compared in pairs.</summary>
    private const int MostCompared = 32;

    /// <summary>An integer with at most this many characters is below 2^53.</summary>
    private const int MostExactDigits = 15;

    private void WriteElement(MessagePackWriter writer, JsonElement element)
    {
        (int depth, long work) = (_path.Depth, _decimalWork);
        try
        {
            WriteJson(writer, element);
        }
        catch (ArgumentException)
        {
            // A refusal names the place, which only the conversion follows.
            while (_path.Depth > depth) _path.Leave();
            _decimalWork = work;
            _ = ConvertElement(element);
            throw;
        }
    }

    private void WriteJson(MessagePackWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when HasPlainNames(element):
                CheckDepth();
                _path.Enter("");
                writer.WriteMapHeader(element.GetPropertyCount());
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    writer.WriteStringUtf8(JsonMarshal.GetRawUtf8PropertyName(property));
                    WriteJson(writer, property.Value);
                }

                _path.Leave();
                break;
            case JsonValueKind.Array:
                CheckDepth();
                _path.Enter("");
                writer.WriteArrayHeader(element.GetArrayLength());
                foreach (JsonElement item in element.EnumerateArray()) WriteJson(writer, item);
                _path.Leave();
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(element) is var text && IsPlain(text):
                writer.WriteStringUtf8(text[1..^1]);
                break;
            case JsonValueKind.Number when JsonMarshal.GetRawUtf8Value(element) is { Length: <= MostExactDigits } number:
                if (number is not [(byte)'-', (byte)'0'] && element.TryGetInt64(out long integer)) writer.WriteInt64(integer);
                else new ScriptValueWriter(writer).WriteNumber(element.GetDouble());
                break;
            default:
                new ScriptValueWriter(writer).Write(ConvertElement(element));
                break;
        }
    }

    /// <summary>True if no name needs decoding and no name occurs twice. (Of equal names the last counts.)</summary>
    /// <remarks>Two names with the same first and last bytes and length count as the same. Such an object is converted, with the same outcome.</remarks>
    private static bool HasPlainNames(JsonElement element)
    {
        int count = element.GetPropertyCount(), seen = 0;
        if (count > MostCompared) return false;
        Span<(ulong Head, ulong Tail)> names = stackalloc (ulong, ulong)[MostCompared];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            ReadOnlySpan<byte> name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (!IsPlain(name)) return false;
            (ulong, ulong) print = name.Length >= sizeof(ulong)
                ? (MemoryMarshal.Read<ulong>(name) ^ (ulong)name.Length, MemoryMarshal.Read<ulong>(name[^sizeof(ulong)..]))
                : (Packed(name), (ulong)name.Length);
            if (names[..seen].Contains(print)) return false;
            names[seen++] = print;
        }

        return true;
    }

    private static ulong Packed(ReadOnlySpan<byte> name)
    {
        ulong packed = 0;
        foreach (byte unit in name) packed = (packed << 8) | unit;
        return packed;
    }

    /// <summary>True if the text stands in JSON as it is. A parsed document may have bytes that are no UTF-8.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.Contains((byte)'\\') && Utf8.IsValid(text);
}
