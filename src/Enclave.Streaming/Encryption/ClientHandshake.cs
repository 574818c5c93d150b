using Enclave.Streaming.Encryption;

namespace Enclave.Streaming.Encryption;

/// <summary>The client's side of a handshake, between its hello and the server's.</summary>
internal sealed class ClientHandshake : IDisposable
{
    private readonly KeyPair _key;

    private ClientHandshake(KeyPair key)
    {
        _key = key;
        Hello = new ClientHello(key.PublicKeyB64);
    }

    /// <summary>The hello to send to the server.</summary>
    public ClientHello Hello { get; }

    /// <summary>Starts a handshake with a new key.</summary>
    public static ClientHandshake Start() => Start(KeyPair.Generate());

    internal static ClientHandshake Start(KeyPair key) => new(key);

    /// <summary>Completes the handshake. The caller disposes the ciphers.</summary>
    /// <param name="serverHello">The server's hello.</param>
    /// <param name="sessionId">The session. Its keys are valid for no other.</param>
    /// <exception cref="EncryptionException">The server's key is invalid.</exception>
    public SessionCiphers Finish(ServerHello serverHello, string sessionId)
    {
        ArgumentNullException.ThrowIfNull(serverHello);
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        byte[] secret = _key.SharedSecret(serverHello.PublicKeyB64);
        return SessionCiphers.From(secret, sessionId, serverHello.KeyId, KeySchedule.ClientToServer, KeySchedule.ServerToClient);
    }

    /// <summary>Clears the key. Ciphers created with it remain valid.</summary>
    public void Dispose() => _key.Dispose();
}
