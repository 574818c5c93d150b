using Enclave.Streaming.Encryption;

namespace Enclave.Streaming.Encryption;

/// <summary>The server's side of a handshake.</summary>
/// <param name="Hello">The hello to send to the client.</param>
/// <param name="Ciphers">The session's ciphers. The caller disposes them.</param>
internal sealed record ServerHandshake(ServerHello Hello, SessionCiphers Ciphers)
{
    /// <summary>Answers a client with a new key.</summary>
    /// <param name="clientHello">The client's hello.</param>
    /// <param name="sessionId">The session. Its keys are valid for no other.</param>
    /// <exception cref="EncryptionException">The client supports no algorithm of ours, or its key is invalid.</exception>
    public static ServerHandshake Answer(ClientHello clientHello, string sessionId)
    {
        using var key = KeyPair.Generate();
        return Answer(clientHello, sessionId, key, $"k_{Guid.NewGuid()}");
    }

    internal static ServerHandshake Answer(ClientHello clientHello, string sessionId, KeyPair key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(clientHello);
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        if (!clientHello.SupportedAlgorithms.Contains(Algorithms.Cipher, StringComparer.Ordinal))
            throw new EncryptionException(EncryptionCodes.UnsupportedAlgorithm, $"the client does not support {Algorithms.Cipher}");
        byte[] secret = key.SharedSecret(clientHello.PublicKeyB64);
        var ciphers = SessionCiphers.From(secret, sessionId, keyId, KeySchedule.ServerToClient, KeySchedule.ClientToServer);
        return new ServerHandshake(new ServerHello(key.PublicKeyB64, keyId), ciphers);
    }
}
