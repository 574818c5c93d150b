using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The script has received the result or failure of a call.</summary>
/// <param name="CallId">The call.</param>
public sealed record ToolResultApplied(string CallId) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "tool_result_applied";

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("callId"u8, CallId);
}
