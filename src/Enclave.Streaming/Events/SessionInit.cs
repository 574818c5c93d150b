using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The first event of a session.</summary>
public sealed record SessionInit : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "session_init";

    /// <summary>Where a cancel is posted to, relative to the broker; the usual place when a peer did not say.</summary>
    public required string CancelUrl { get; init; }

    /// <summary>When the session ends at the latest; <see cref="DateTimeOffset.MaxValue"/> when a peer did not say.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether the events after this one are encrypted.</summary>
    public required SessionEncryption Encryption { get; init; }

    /// <summary>Where the events can be read again; null when it is not said.</summary>
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
