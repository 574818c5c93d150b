using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The first event of a session.</summary>
public sealed record SessionInit : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "session_init";

    /// <summary>The address for a cancel, relative to the broker; the default address if the peer did not send one.</summary>
    public required string CancelUrl { get; init; }

    /// <summary>When the session times out; <see cref="DateTimeOffset.MaxValue"/> if the peer did not send it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The encryption of the following events.</summary>
    public required SessionEncryption Encryption { get; init; }

    /// <summary>The address for reading the events again; null if not sent.</summary>
    public string? ReplayUrl { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("cancelUrl"u8, CancelUrl);
        EventWriter.WriteTime(writer, "expiresAt"u8, ExpiresAt);
        writer.WriteStartObject("encryption"u8);
        writer.WriteBoolean("enabled"u8, Encryption.Enabled);
        EventWriter.WriteOptional(writer, "keyId"u8, Encryption.KeyId);
        EventWriter.WriteOptional(writer, "serverHello"u8, Encryption.ServerHello);
        writer.WriteEndObject();
        EventWriter.WriteOptional(writer, "replayUrl"u8, ReplayUrl);
    }
}
