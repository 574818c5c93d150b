using System.Security.Cryptography;
using System.Text;

namespace Enclave.Streaming.Encryption;

/// <summary>Derives the keys of a session, one for each direction.</summary>
internal static class KeySchedule
{
    public const int KeyBytes = 32;

    public const string ClientToServer = "enclavejs-c2s-enc";

    public const string ServerToClient = "enclavejs-s2c-enc";

    /// <summary>Derives a key, or its first bytes.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="salt">Empty for 32 zero bytes.</param>
    /// <param name="purpose">The purpose of the key.</param>
    /// <param name="key">Filled with the key.</param>
    public static void Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, string purpose, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, Encoding.UTF8.GetBytes(purpose));

    /// <summary>The cipher of one direction.</summary>
    public static SessionCipher Cipher(ReadOnlySpan<byte> secret, string sessionId, string purpose, string keyId)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        try
        {
            Derive(secret, Encoding.UTF8.GetBytes(sessionId), purpose, key);
            return new SessionCipher(key, keyId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
