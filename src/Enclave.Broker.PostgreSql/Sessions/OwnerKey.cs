using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>Whose a session is, as a text that every database takes and that no other owner has.</summary>
internal static class OwnerKey
{
    private const int MaxCharacters = 200;

    /// <summary>Nobody is the empty text; a name begins with a colon, and one that is too long or cannot be kept is its hash.</summary>
    public static string Of(string? owner) => owner is null ? "" : IsPlain(owner) ? ":" + owner : Hash(owner);

    /// <summary>A name for people to read, shortened to what can be kept.</summary>
    public static string? Text(string? name) => name is null || IsPlain(name) ? name : Hash(name);

    private static string Hash(string name) => "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)));

    private static bool IsPlain(string name) => name.Length <= MaxCharacters && !name.Any((letter) => char.IsControl(letter) || char.IsSurrogate(letter));
}
