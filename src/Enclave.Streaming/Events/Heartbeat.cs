using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>A sign that the session is alive.</summary>
/// <param name="Time">When it was sent, by the broker's clock; 1970 if the peer did not send it.</param>
public sealed record Heartbeat(DateTimeOffset Time) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "heartbeat";

    internal override void WriteMembers(Utf8JsonWriter writer) => EventWriter.WriteTime(writer, "ts"u8, Time);
}
