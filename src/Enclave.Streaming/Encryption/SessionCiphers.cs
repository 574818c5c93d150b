using System.Security.Cryptography;
using Enclave.Streaming.Encryption;

namespace Enclave.Streaming;

/// <summary>The two directions of an encrypted session, as one of its ends sees them.</summary>
public sealed class SessionCiphers : IDisposable
{
    private SessionCiphers(SessionCipher outgoing, SessionCipher incoming)
    {
        Outgoing = outgoing;
        Incoming = incoming;
    }

    /// <summary>Encrypts what this end sends.</summary>
    public SessionCipher Outgoing { get; }

    /// <summary>Decrypts what the other end sent.</summary>
    public SessionCipher Incoming { get; }

    /// <summary>The name of the keys.</summary>
    public string KeyId => Outgoing.KeyId;

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }

    /// <summary>Clears the secret.</summary>
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
