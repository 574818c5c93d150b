using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>An event that only the ends of the session can decrypt.</summary>
/// <param name="KeyId">The id of the keys.</param>
/// <param name="NonceB64">12 bytes in base64.</param>
/// <param name="CiphertextB64">The whole inner event as JSON, encrypted, in base64; with the tag at its end unless that is separate.</param>
/// <param name="TagB64">The tag in base64 if it is separate; null otherwise.</param>
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
