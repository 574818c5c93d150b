using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The script called a tool.</summary>
public sealed record ToolCall : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "tool_call";

    /// <summary>The id of the call, with <see cref="StreamProtocol.CallPrefix"/>.</summary>
    public required string CallId { get; init; }

    /// <summary>The tool.</summary>
    public required string ToolName { get; init; }

    /// <summary>The arguments.</summary>
    public required JsonElement Args { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        writer.WriteString("toolName"u8, ToolName);
        EventWriter.WriteOptional(writer, "args"u8, Args);
    }
}
