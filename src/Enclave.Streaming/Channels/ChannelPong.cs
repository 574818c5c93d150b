using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The runtime's response to a <see cref="ChannelPing"/>.</summary>
/// <param name="Timestamp">The ping's timestamp, or the runtime's time if the ping had none; null if not sent.</param>
/// <param name="ServerTime">Milliseconds since 1970 by the runtime's clock; null if not sent.</param>
public sealed record ChannelPong(double? Timestamp = null, double? ServerTime = null) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "pong";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Timestamp is { } timestamp) writer.WriteNumber("timestamp"u8, timestamp);
        if (ServerTime is { } time) writer.WriteNumber("serverTime"u8, time);
    }
}
