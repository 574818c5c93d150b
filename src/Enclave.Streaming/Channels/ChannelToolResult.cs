using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The broker answers a tool call.</summary>
/// <param name="CallId">The call, as its <see cref="ToolCall"/> named it.</param>
public sealed record ChannelToolResult(string CallId) : ChannelMessage
{
    /// <inheritdoc/>
    public override string Type => "tool_result";

    /// <summary>The session; null when it is not said: the call's name then has to suffice.</summary>
    public string? SessionId { get; init; }

    /// <summary>Whether the tool gave a value.</summary>
    public required bool Success { get; init; }

    /// <summary>The value; null when it gave none, or failed.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The failure; null when it did not fail.</summary>
    public ErrorInfo? Error { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteOptional(writer, "sessionId"u8, SessionId);
        writer.WriteString("callId"u8, CallId);
        writer.WriteBoolean("success"u8, Success);
        // Both names: one kind of runtime reads the first, the other the second.
        EventWriter.WriteOptional(writer, "value"u8, Value);
        EventWriter.WriteOptional(writer, "result"u8, Value);
        Error?.WriteTo(writer);
    }
}
