using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The session lives.</summary>
/// <param name="Time">When it was sent, by the broker's clock; 1970 when a peer did not say.</param>
public sealed record Heartbeat(DateTimeOffset Time) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "heartbeat";

    internal override void WriteMembers(Utf8JsonWriter writer) => EventWriter.WriteTime(writer, "ts"u8, Time);
}
