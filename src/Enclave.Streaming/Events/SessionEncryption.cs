using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The encryption of a session, in <see cref="SessionInit"/>.</summary>
/// <param name="Enabled">True if the following events are encrypted.</param>
/// <param name="KeyId">The id of the keys; null without encryption.</param>
/// <param name="ServerHello">The server's half of the handshake; null without encryption.</param>
public sealed record SessionEncryption(bool Enabled, string? KeyId = null, JsonElement? ServerHello = null);
