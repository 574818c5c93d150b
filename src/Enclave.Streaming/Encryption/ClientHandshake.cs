using Enclave.Streaming.Encryption;

namespace Enclave.Streaming;

/// <summary>The client's end of a handshake, between its hello and the server's.</summary>
public sealed class ClientHandshake : IDisposable
{
    private readonly KeyPair _key;

    private ClientHandshake(KeyPair key)
    {
        _key = key;
        Hello = new ClientHello(key.PublicKeyB64);
    }

    /// <summary>What the server needs to know.</summary>
    public ClientHello Hello { get; }

    /// <summary>Starts a handshake with a new key.</summary>
    public static ClientHandshake Start() => Start(KeyPair.Generate());

    internal static ClientHandshake Start(KeyPair key) => new(key);

    /// <summary>Ends the handshake. The caller disposes the ciphers.</summary>
    /// <param name="serverHello">What the server answered.</param>
    /// <param name="sessionId">The session; its keys are good for no other.</param>
    /// <exception cref="EncryptionException">The server's key is none.</exception>
    public SessionCiphers Finish(ServerHello serverHello, string sessionId)
    {
        ArgumentNullException.ThrowIfNull(serverHello);
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        byte[] secret = _key.SharedSecret(serverHello.PublicKeyB64);
        return SessionCiphers.From(secret, sessionId, serverHello.KeyId, KeySchedule.ClientToServer, KeySchedule.ServerToClient);
    }

    /// <summary>Clears the key. Ciphers that came of it stay.</summary>
    public void Dispose() => _key.Dispose();
}
