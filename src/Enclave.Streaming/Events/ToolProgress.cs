using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>The progress of a tool call.</summary>
public sealed record ToolProgress : EventPayload
{
    private static readonly string[] s_phases = ["connecting", "sending", "receiving", "processing"];

    /// <inheritdoc/>
    public override string Type => "tool_progress";

    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>Its present phase.</summary>
    public required ToolPhase Phase { get; init; }

    /// <summary>Milliseconds since the call. Range: 0 and above.</summary>
    public required double ElapsedMs { get; init; }

    /// <summary>Bytes received so far; null if not sent.</summary>
    public long? BytesReceived { get; init; }

    /// <summary>Bytes in all; null if unknown.</summary>
    public long? TotalBytes { get; init; }

    internal static bool TryPhase(string text, out ToolPhase phase)
    {
        int index = Array.IndexOf(s_phases, text);
        phase = (ToolPhase)Math.Max(0, index);
        return index >= 0;
    }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        writer.WriteString("phase"u8, s_phases[(int)Phase]);
        writer.WriteNumber("elapsedMs"u8, ElapsedMs);
        EventWriter.WriteOptional(writer, "bytesReceived"u8, BytesReceived);
        EventWriter.WriteOptional(writer, "totalBytes"u8, TotalBytes);
    }
}
