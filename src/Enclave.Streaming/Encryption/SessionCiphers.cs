using System.Security.Cryptography;
using Enclave.Streaming.Encryption;

namespace Enclave.Streaming;

/// <summary>Both directions of an encrypted session, for one of its ends.</summary>
public sealed class SessionCiphers : IDisposable
{
    private SessionCiphers(SessionCipher outgoing, SessionCipher incoming)
    {
        Outgoing = outgoing;
        Incoming = incoming;
    }

    /// <summary>Encrypts the messages of this end.</summary>
    public SessionCipher Outgoing { get; }

    /// <summary>Decrypts the messages of the other end.</summary>
    public SessionCipher Incoming { get; }

    /// <summary>The id of the keys.</summary>
    public string KeyId => Outgoing.KeyId;

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }

    /// <summary>Derives the ciphers, and clears the secret.</summary>
    internal static SessionCiphers From(byte[] secret, string sessionId, string keyId, string outgoing, string incoming)
    {
        try
        {
            return new SessionCiphers(KeySchedule.Cipher(secret, sessionId, outgoing, keyId), KeySchedule.Cipher(secret, sessionId, incoming, keyId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
