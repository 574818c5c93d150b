using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Enclave.Guard.Scoring;

/// <summary>SHA-256 over everything that a score depends on: code, policy and tools.</summary>
internal readonly record struct CacheKey(UInt128 High, UInt128 Low)
{
    /// <summary>The key of a script. The order of the tools does not matter.</summary>
    public static CacheKey Of(string code, string policy, IReadOnlyCollection<string> tools)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, code);
        Append(hash, policy);
        foreach (string tool in tools.Order(StringComparer.Ordinal)) Append(hash, tool);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new CacheKey(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    private static void Append(IncrementalHash hash, string text)
    {
        // Each length comes first, because otherwise "ab", "c" and "a", "bc" would be equal.
        // UTF-16 is hashed as it is: in UTF-8 all lone surrogates look alike.
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
