using System.Buffers.Binary;
using System.Security.Cryptography;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>256 random bits of a repeatable run: all that its <c>crypto.getRandomValues</c> gives is made of them.</summary>
/// <remarks>Apart from the seed of <c>Math.random</c>, which two of its numbers reveal.</remarks>
internal readonly record struct RunSecret(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    /// <summary>A new one.</summary>
    public static RunSecret New() => Of(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads the form of <see cref="ToBytes"/>.</summary>
    public static RunSecret Of(ReadOnlySpan<byte> bytes) => new(Part(bytes, 0), Part(bytes, 1), Part(bytes, 2), Part(bytes, 3));

    /// <summary>As little-endian bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        ReadOnlySpan<ulong> parts = [A, B, C, D];
        for (int i = 0; i < parts.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), parts[i]);
        return bytes;
    }

    internal void Write(in MessagePackWriter writer)
    {
        writer.WriteUInt64(A);
        writer.WriteUInt64(B);
        writer.WriteUInt64(C);
        writer.WriteUInt64(D);
    }

    internal static RunSecret Read(ref MessagePackReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());

    private static ulong Part(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[(index * sizeof(ulong))..]);
}
