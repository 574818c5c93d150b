using System.Buffers;
using System.Buffers.Binary;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>
/// Identifies a program in a worker's cache of compiled code. A key stands for one source text
/// and one tenant. The default key is empty: nothing is cached.
/// </summary>
/// <remarks>Two numbers, because the code of <see cref="UInt128"/> is never compiled ahead: the first run would wait for its compilation.</remarks>
internal readonly record struct CodeKey(ulong Low, ulong High = 0)
{
    internal bool IsNone => (Low | High) == 0;

    /// <summary>Reads its sixteen bytes.</summary>
    public static CodeKey From(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <summary>Writes its sixteen bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], High);
    }

    /// <summary>Writes sixteen bytes, or none for an empty key.</summary>
    public void Write(MessagePackWriter writer)
    {
        Span<byte> bytes = stackalloc byte[ProtocolLimits.CodeKeyBytes];
        CopyTo(bytes);
        writer.WriteBinary(IsNone ? [] : bytes);
    }

    internal static CodeKey Read(ref MessagePackReader reader)
    {
        ReadOnlySequence<byte> written = reader.ReadBinary(ProtocolLimits.CodeKeyBytes);
        if (written.IsEmpty) return default;
        if (written.Length != ProtocolLimits.CodeKeyBytes) throw ProtocolException.At(0, $"a code key of {written.Length} bytes");
        Span<byte> bytes = stackalloc byte[ProtocolLimits.CodeKeyBytes];
        written.CopyTo(bytes);
        return From(bytes);
    }
}
