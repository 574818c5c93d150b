using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The runtime is there. Sent only in answer to a <see cref="ChannelPing"/>.</summary>
/// <param name="Timestamp">The ping's own; the runtime's time when the ping had none. Null when it is not said.</param>
/// <param name="ServerTime">Milliseconds since 1970 by the runtime's clock; null when it is not said.</param>
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
