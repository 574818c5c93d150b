using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Enclave.JavaScript.Scopes;

/// <summary>A name in a scope, as the key of a table.</summary>
/// <remarks>
/// A script chooses the numbers of its names and scopes, so it must not be able to predict the hash. The hash is the upper part of
/// <c>a * key + b</c> modulo 2^128, with a and b chosen per process. Two keys collide with the probability of two random numbers (Dietzfelbinger 1996),
/// for any choice of keys.
/// </remarks>
internal readonly struct ScopedName(int scope, int name) : IEquatable<ScopedName>
{
    private static readonly (ulong Low, ulong High) s_factor = (Secret() | 1, Secret());
    private static readonly (ulong Low, ulong High) s_addend = (Secret(), Secret());

    private readonly ulong _key = ((ulong)(uint)scope << 32) | (uint)name;

    public bool Equals(ScopedName other) => _key == other._key;

    public override bool Equals(object? obj) => obj is ScopedName other && Equals(other);

    public override int GetHashCode()
    {
        ulong high = Math.BigMul(s_factor.Low, _key, out ulong low) + (s_factor.High * _key) + s_addend.High;
        if (low + s_addend.Low < low) high++;
        return (int)(high >> 32);
    }

    private static ulong Secret()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
