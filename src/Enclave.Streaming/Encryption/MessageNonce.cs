using System.Buffers.Binary;

namespace Enclave.Streaming.Encryption;

/// <summary>The nonces of one direction: 8 fixed random bytes, and a counter of 4 bytes, big-endian.</summary>
internal static class MessageNonce
{
    public const int Bytes = 12;

    public const int PrefixBytes = 8;

    public static void Write(ReadOnlySpan<byte> prefix, ulong counter, Span<byte> nonce)
    {
        if (prefix.Length != PrefixBytes) throw new EncryptionException(EncryptionCodes.NonceReuse, $"the fixed part of a nonce must have {PrefixBytes} bytes");
        prefix.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[PrefixBytes..], unchecked((uint)counter));
    }

    public static uint Counter(ReadOnlySpan<byte> nonce) => BinaryPrimitives.ReadUInt32BigEndian(nonce[PrefixBytes..]);
}
