using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Counts events that were dropped at this place. They have no numbers.</summary>
/// <remarks>The run continued, and its result is complete: <see cref="ExecutionResult.Stdout"/> has the missing lines. Tool events and reports are counted
/// separately: the former are steps of the script, the latter only progress.</remarks>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record EventsDroppedEvent : ExecutionEvent
{
    internal EventsDroppedEvent()
    {
    }

    /// <summary>Console lines that are missing.</summary>
    public required long ConsoleLines { get; init; }

    /// <summary>Missing reports of progress and partial results: there was no room, or more than 100 came in a second.</summary>
    public required long Reports { get; init; }

    /// <summary>Missing tool calls and tool results: there was no room even without their payload.</summary>
    public required long ToolEvents { get; init; }

    internal override long Size => EventSize.Base;

    /// <inheritdoc/>
    public override string Type => "events_dropped";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteNumber("consoleLines"u8, ConsoleLines);
        writer.WriteNumber("reports"u8, Reports);
        writer.WriteNumber("toolEvents"u8, ToolEvents);
    }
}
