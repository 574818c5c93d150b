using System.Buffers;
using System.Buffers.Binary;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>
/// Identifies a program in a worker's cache of compiled code. A key stands for one source text
/// and one tenant. The default key is empty: nothing is cached.
/// </summary>
public readonly record struct CodeKey(UInt128 Value)
{
    internal const int Bytes = 16;

    internal bool IsNone => Value == default;

    /// <summary>Writes its sixteen bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128LittleEndian(destination, Value);

    /// <summary>Writes sixteen bytes, or none for an empty key.</summary>
    public void Write(MessagePackWriter writer)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        writer.WriteBinary(IsNone ? [] : bytes);
    }

    internal static CodeKey Read(ref MessagePackReader reader)
    {
        ReadOnlySequence<byte> written = reader.ReadBinary(Bytes);
        if (written.IsEmpty) return default;
        if (written.Length != Bytes) throw ProtocolException.At(0, $"a code key of {written.Length} bytes");
        Span<byte> bytes = stackalloc byte[Bytes];
        written.CopyTo(bytes);
        return new CodeKey(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }
}
