using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>The data of a reference on the wire: an id, and on the way to a script also size, kind and preview.</summary>
internal static class ReferenceCodec
{
    public const int IdBytes = ProtocolLimits.ReferenceIdBytes;

    private const int FixedBytes = IdBytes + sizeof(long) + 1;

    /// <summary>Maximum length of a preview in UTF-8.</summary>
    private const int MaxPreviewBytes = 1024;

    private static readonly ScriptValueKind[] s_kinds = [ScriptValueKind.String, ScriptValueKind.Bytes, ScriptValueKind.Array, ScriptValueKind.Object];

    public static int Length(ScriptReference reference) => IsBare(reference) ? IdBytes : FixedBytes + Encoding.UTF8.GetByteCount(reference.Preview);

    public static void Write(MessagePackWriter writer, ScriptReference reference)
    {
        byte[] data = new byte[Length(reference)];
        Convert.FromHexString(reference.Id, data, out _, out _);
        if (!IsBare(reference))
        {
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(IdBytes), reference.Size);
            data[FixedBytes - 1] = (byte)Array.IndexOf(s_kinds, reference.Kind);
            Encoding.UTF8.GetBytes(reference.Preview, data.AsSpan(FixedBytes));
        }

        writer.WriteExtension(ValueExtension.Reference, data);
    }

    /// <summary>Reads a reference: from a script, with the id only, or in the form that is sent to a script.</summary>
    public static ScriptReference Read(long at, in ReadOnlySequence<byte> body)
    {
        ReadOnlySpan<byte> data =
            body.Length <= FixedBytes + MaxPreviewBytes ? body.ToArray() : throw ProtocolException.At(at, $"reference of {body.Length} bytes");
        if (data.Length == IdBytes) return new(Convert.ToHexStringLower(data), 0, ScriptValueKind.Undefined, "");
        if (data.Length < FixedBytes) throw ProtocolException.At(at, $"reference of {data.Length} bytes");
        long size = BinaryPrimitives.ReadInt64BigEndian(data[IdBytes..]);
        int kind = data[FixedBytes - 1];
        if (size < 0 || kind >= s_kinds.Length) throw ProtocolException.At(at, $"reference of kind {kind} and {size} bytes");
        return new(Convert.ToHexStringLower(data[..IdBytes]), size, s_kinds[kind], Encoding.UTF8.GetString(data[FixedBytes..]));
    }

    private static bool IsBare(ScriptReference reference) => reference.Kind == ScriptValueKind.Undefined;
}
