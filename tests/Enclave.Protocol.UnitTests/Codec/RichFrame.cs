using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Protocol.Tests.Codec;

/// <summary>A frame with a value of every format, and the ways to read one.</summary>
internal static class RichFrame
{
    public static byte[] Bytes { get; } = Encoded.By(w =>
    {
        w.WriteMapHeader(6);
        w.WriteString("integers");
        long[] integers = [0, 127, 128, 256, 65536, 1L << 32, long.MaxValue, -1, -33, -129, -32769, int.MinValue - 1L];
        w.WriteArrayHeader(integers.Length + 1);
        foreach (long integer in integers) w.WriteInt64(integer);
        w.WriteUInt64(ulong.MaxValue);
        w.WriteString("floats");
        w.WriteArrayHeader(3);
        w.WriteDouble(1.5);
        w.WriteDouble(double.NaN);
        w.WriteRaw([0xca, 0x3f, 0xc0, 0x00, 0x00]);
        w.WriteString("text");
        w.WriteArrayHeader(4);
        w.WriteString("");
        w.WriteString("zażółć 😀");
        w.WriteString(new string('x', 40));
        w.WriteString(new string('é', 200));
        w.WriteString("rest");
        w.WriteArrayHeader(5);
        w.WriteNil();
        w.WriteBoolean(true);
        w.WriteBoolean(false);
        w.WriteBinary([1, 2, 3]);
        w.WriteBinary(new byte[300]);
        w.WriteString("extensions");
        w.WriteArrayHeader(6);
        w.WriteExtension(ValueExtension.Undefined, []);
        w.WriteExtension(ValueExtension.BigInt, [1, 0xff, 0xee, 1]);
        w.WriteExtension(ValueExtension.Utf16, [0x00, 0xd8]);
        MessagePackTimestamp.Write(w, 1_000);
        MessagePackTimestamp.Write(w, 1_001);
        MessagePackTimestamp.Write(w, -1);
        w.WriteExtension(ValueExtension.Utf16, [0x61, 0x00, 0x00, 0xdc]);
        w.WriteMapHeader(17);
        for (int i = 0; i < 17; i++)
        {
            w.WriteString($"key{i}");
            w.WriteArrayHeader(1);
            w.WriteInt64(i);
        }
    });

    public static string Walk(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        return Walk(ref reader, 0);
    }

    /// <summary>The bytes left over by skipping, which must be the same as after reading.</summary>
    public static byte[] Raw(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        return reader.ReadRawValue().ToArray();
    }

    public static ScriptValue Value(in ReadOnlySequence<byte> bytes) => ScriptValueCodec.Decode(bytes, ValueLimits.Widest);

    /// <summary>Reads with the method for each kind, as messages do.</summary>
    private static string Walk(ref MessagePackReader reader, int depth)
    {
        if (depth > ProtocolLimits.MaxDepth) throw ProtocolException.At(reader.Consumed, "deep");
        switch (reader.PeekKind())
        {
            case MessagePackKind.Nil:
                Assert.True(reader.TryReadNil());
                return "nil";
            case MessagePackKind.Boolean:
                return reader.ReadBoolean() ? "true" : "false";
            case MessagePackKind.Integer:
                return reader.ReadInteger(out ulong large) is { } value ? $"{value}" : $"{large}";
            case MessagePackKind.Float:
                return $"{reader.ReadDouble()}f";
            case MessagePackKind.String:
                return $"'{reader.ReadString(int.MaxValue)}'";
            case MessagePackKind.Binary:
                return Convert.ToHexString(reader.ReadBinary(int.MaxValue).ToArray());
            case MessagePackKind.Extension:
                string body = Convert.ToHexString(reader.ReadExtension(int.MaxValue, out sbyte type).ToArray());
                return $"{type}:{body}";
            case MessagePackKind.Array:
                return WalkMany(ref reader, reader.ReadArrayHeader(), depth);
            default:
                return WalkMany(ref reader, 2 * reader.ReadMapHeader(), depth);
        }
    }

    private static string WalkMany(ref MessagePackReader reader, int count, int depth)
    {
        var parts = new List<string>();
        for (int i = 0; i < count; i++) parts.Add(Walk(ref reader, depth + 1));
        return $"[{string.Join(' ', parts)}]";
    }
}
