using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The broker ends a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">The reason; null for none.</param>
public sealed record ChannelCancel(string SessionId, string? Reason = null) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "cancel";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("sessionId"u8, SessionId);
        EventWriter.WriteOptional(writer, "reason"u8, Reason);
    }
}
