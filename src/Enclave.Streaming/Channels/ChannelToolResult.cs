using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The broker answers a tool call.</summary>
/// <param name="CallId">The id of the call in its <see cref="ToolCall"/>.</param>
public sealed record ChannelToolResult(string CallId) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "tool_result";

    /// <summary>The session; null if not sent: then the call's id must suffice.</summary>
    public string? SessionId { get; init; }

    /// <summary>True if the tool succeeded.</summary>
    public required bool Success { get; init; }

    /// <summary>The value; null if there is none, or if the tool failed.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The failure; null if the tool succeeded.</summary>
    public ErrorInfo? Error { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteOptional(writer, "sessionId"u8, SessionId);
        writer.WriteString("callId"u8, CallId);
        writer.WriteBoolean("success"u8, Success);
        // Under both names: some runtimes read the first, others the second.
        EventWriter.WriteOptional(writer, "value"u8, Value);
        EventWriter.WriteOptional(writer, "result"u8, Value);
        Error?.WriteTo(writer);
    }
}
