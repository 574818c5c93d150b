using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The broker checks whether the runtime responds.</summary>
/// <param name="Timestamp">Milliseconds since 1970 by the broker's clock; null if not sent.</param>
public sealed record ChannelPing(double? Timestamp = null) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "ping";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Timestamp is { } timestamp) writer.WriteNumber("timestamp"u8, timestamp);
    }
}
