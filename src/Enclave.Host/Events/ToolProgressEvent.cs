using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Events;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>A tool said how far it is: <see cref="ToolContext.ReportProgress(string?, double?, long?, long?)"/>.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ToolProgressEvent : ExecutionEvent
{
    internal ToolProgressEvent()
    {
    }

    /// <summary>The call that makes progress.</summary>
    public required string CallId { get; init; }

    /// <summary>The time since the call.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the tool does at the moment; null when it did not say.</summary>
    public string? Message { get; init; }

    /// <summary>The part that is done, 0 to 1; null when it did not say.</summary>
    public double? Fraction { get; init; }

    /// <summary>Bytes that are done; null when it did not say.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that there are in all; null when it did not say.</summary>
    public long? TotalBytes { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Message);

    private protected override string Type => "tool_progress";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        writer.WriteNumber("elapsedMs"u8, Elapsed.TotalMilliseconds);
        if (Message is not null) JsonLine.WriteText(writer, "message"u8, Message);
        if (Fraction is { } fraction) writer.WriteNumber("fraction"u8, fraction);
        if (Bytes is { } bytes) writer.WriteNumber("bytes"u8, bytes);
        if (TotalBytes is { } total) writer.WriteNumber("totalBytes"u8, total);
    }
}
