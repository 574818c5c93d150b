using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>Reads message bodies from one piece of memory: parts are slices of it, not copies.</summary>
internal static class BodyReading
{
    public static ReadOnlyMemory<byte> ReadStringMemory(this ref MessagePackReader reader, ReadOnlyMemory<byte> body, int maxBytes)
    {
        long length = reader.ReadStringBytes(maxBytes).Length;
        return body.Slice((int)(reader.Consumed - length), (int)length);
    }

    public static ReadOnlyMemory<byte> ReadBinaryMemory(this ref MessagePackReader reader, ReadOnlyMemory<byte> body, int maxBytes)
    {
        long length = reader.ReadBinary(maxBytes).Length;
        return body.Slice((int)(reader.Consumed - length), (int)length);
    }

    public static ReadOnlyMemory<byte> ReadRawMemory(this ref MessagePackReader reader, ReadOnlyMemory<byte> body) => reader.ReadRawMemory(body, out _);

    /// <param name="reader">The reader, before the value.</param>
    /// <param name="body">The bytes under the reader.</param>
    /// <param name="cost">The cost of reading the value.</param>
    public static ReadOnlyMemory<byte> ReadRawMemory(this ref MessagePackReader reader, ReadOnlyMemory<byte> body, out ValueCost cost)
    {
        var start = (int)reader.Consumed;
        reader.Skip();
        cost = reader.Skipped;
        return body[start..(int)reader.Consumed];
    }

    /// <summary>Refuses bytes after a message's last field: they could hide a second message.</summary>
    public static void ExpectEnd(this ref MessagePackReader reader)
    {
        if (!reader.End) throw ProtocolException.At(reader.Consumed, $"{reader.Remaining} bytes after the last field");
    }
}
