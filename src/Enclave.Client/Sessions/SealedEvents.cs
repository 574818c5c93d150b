using System.Text.Json;
using Enclave.Streaming;
using Enclave.Streaming.Encryption;

namespace Enclave.Client.Sessions;

/// <summary>Decrypts the events of a session that asked for encryption. After the handshake, unencrypted events are refused.</summary>
internal sealed class SealedEvents(EncryptionMode mode) : IDisposable
{
    private readonly ClientHandshake _handshake = ClientHandshake.Start();
    private SessionCiphers? _ciphers;

    /// <summary>True once events are encrypted. Then only their numbers identify repeats, because an event cannot be decrypted twice.</summary>
    public bool IsSealed => _ciphers is not null;

    /// <summary>The member of the request that asks for encryption.</summary>
    public JsonElement Request => new EncryptionRequest(mode, _handshake.Hello).ToJson();

    /// <summary>Decrypts one event. Returns the end of the connection if the event must not be trusted, otherwise null.</summary>
    /// <param name="received">The event as it arrived.</param>
    /// <param name="opened">The decrypted event; null if it must not be trusted.</param>
    public ConnectionEnd? Open(SessionEvent received, out SessionEvent? opened)
    {
        opened = null;
        try
        {
            if (_ciphers is not null) opened = _ciphers.Incoming.Open(received, EventTolerance.Peers);
            else if (received.Payload is SessionInit { Encryption.Enabled: true } init) opened = Agree(received, init.Encryption);
            else if (mode == EncryptionMode.Optional) opened = received;
            else throw new EncryptionException(EncryptionCodes.HandshakeFailed, "Encryption is required, and the broker's stream is in clear");
            return null;
        }
        catch (EncryptionException failed)
        {
            return new ConnectionEnd(ConnectionEndKind.Unusable, failed.Message) { Code = failed.Code };
        }
    }

    public void Dispose()
    {
        _handshake.Dispose();
        _ciphers?.Dispose();
    }

    private SessionEvent Agree(SessionEvent received, SessionEncryption encryption)
    {
        if (encryption.ServerHello is not { } json || !ServerHello.TryRead(json, out ServerHello? hello, out _))
            throw new EncryptionException(EncryptionCodes.HandshakeFailed, "The broker's half of the handshake is missing or invalid");
        _ciphers = _handshake.Finish(hello, received.SessionId);
        return received;
    }
}
