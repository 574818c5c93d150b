using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>A tool reported its progress: <see cref="ToolContext.ReportProgress(string?, double?, long?, long?)"/>.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ToolProgressEvent : ExecutionEvent
{
    internal ToolProgressEvent()
    {
    }

    /// <summary>The id of the call.</summary>
    public string CallId => ToolCallEvent.IdOf(Call);

    /// <summary>The time since the call.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The tool's present step; null if it gave none.</summary>
    public string? Message { get; init; }

    /// <summary>The finished part, 0 to 1; null if it gave none.</summary>
    public double? Fraction { get; init; }

    /// <summary>Finished bytes; null if it gave none.</summary>
    public long? Bytes { get; init; }

    /// <summary>All bytes; null if the tool did not report them.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The number of the call in its run.</summary>
    internal uint Call { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Message);

    /// <inheritdoc/>
    public override string Type => "tool_progress";

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
