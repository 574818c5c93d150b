using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>The owner of a session as a text that every database accepts and that no other owner has.</summary>
internal static class OwnerKey
{
    private const int MaxCharacters = 200;

    /// <summary>
    /// Anonymous is the empty text. A name gets a colon in front. A name that is too long or
    /// has characters that cannot be stored is replaced by its hash.
    /// </summary>
    public static string Of(string? owner) => owner is null ? "" : IsPlain(owner) ? ":" + owner : Hash(owner);

    /// <summary>A name to show to people, replaced by its hash if it cannot be stored.</summary>
    public static string? Text(string? name) => name is null || IsPlain(name) ? name : Hash(name);

    private static string Hash(string name) => "#" + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan())));

    private static bool IsPlain(string name) => name.Length <= MaxCharacters && !name.Any((letter) => char.IsControl(letter) || char.IsSurrogate(letter));
}
