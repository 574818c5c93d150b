using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>Another event, that only the ends of the session can read.</summary>
/// <param name="KeyId">The name of the keys.</param>
/// <param name="NonceB64">12 bytes in base64.</param>
/// <param name="CiphertextB64">The whole inner event as JSON, encrypted, in base64; the tag at its end unless it stands apart.</param>
/// <param name="TagB64">The tag in base64, when it stands apart; null otherwise.</param>
public sealed record Encrypted(string KeyId, string NonceB64, string CiphertextB64, string? TagB64 = null) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "enc";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("kid"u8, KeyId);
        writer.WriteString("nonceB64"u8, NonceB64);
        writer.WriteString("ciphertextB64"u8, CiphertextB64);
        EventWriter.WriteOptional(writer, "tagB64"u8, TagB64);
    }
}
