using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>What <see cref="SessionInit"/> says of encryption.</summary>
/// <param name="Enabled">Whether the events that follow are encrypted.</param>
/// <param name="KeyId">The name of the keys; null without encryption.</param>
/// <param name="ServerHello">The server's half of the handshake; null without encryption.</param>
public sealed record SessionEncryption(bool Enabled, string? KeyId = null, JsonElement? ServerHello = null);
