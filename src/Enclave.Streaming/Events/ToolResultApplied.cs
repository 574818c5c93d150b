using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The script has its answer of a call, or its failure.</summary>
/// <param name="CallId">The call.</param>
public sealed record ToolResultApplied(string CallId) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "tool_result_applied";

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("callId"u8, CallId);
}
