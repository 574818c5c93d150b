using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Streaming;
using Enclave.Streaming.Encryption;

namespace Enclave.Broker.Sessions;

/// <summary>Sets up the encryption of a session, as its client asked.</summary>
internal static class SessionSeal
{
    /// <summary>Turns encryption on. Returns an error if the client or the broker requires it and it is impossible.</summary>
    public static BrokerError? Prepare(BrokerSession session, bool isRequired, out SessionEncryption encryption) =>
        Prepare(session, out encryption) ?? (isRequired && !encryption.Enabled ? BrokerError.NotEncrypted : null);

    private static BrokerError? Prepare(BrokerSession session, out SessionEncryption encryption)
    {
        encryption = new SessionEncryption(false);
        if (session.Request.Encryption is not { } asked) return null;
        if (!EncryptionRequest.TryRead(asked, out EncryptionRequest? request, out string? problem)) return Refused(asked, problem);
        if (request.Mode == EncryptionMode.Disabled) return null;
        try
        {
            if (request.ClientHello is null) return request.Mode == EncryptionMode.Required ? Refused(asked, "clientHello is missing") : null;
            ServerHandshake handshake = ServerHandshake.Answer(request.ClientHello, session.Id);
            session.Encrypt(handshake.Ciphers);
            encryption = new SessionEncryption(true, handshake.Ciphers.KeyId, handshake.Hello.ToJson());
            return null;
        }
        catch (EncryptionException fault)
        {
            return request.Mode == EncryptionMode.Required ? new BrokerError(400, fault.Code, fault.Message) : null;
        }
    }

    /// <summary>An unreadable hello counts as none. A client that does not require encryption continues without it.</summary>
    private static BrokerError? Refused(JsonElement asked, string problem)
    {
        bool optional = asked.ValueKind == JsonValueKind.Object
            && asked.TryGetProperty("mode", out JsonElement mode) && mode.ValueKind == JsonValueKind.String && mode.GetString() is "optional" or "disabled";
        return optional ? null : new BrokerError(400, EncryptionCodes.UnsupportedAlgorithm, $"encryption: {problem}");
    }
}
