using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Events;

namespace Enclave;

/// <summary>Events that were not kept, at this place among the others. They took no numbers.</summary>
/// <remarks>The run went on, and its result is whole: <see cref="ExecutionResult.Stdout"/> has the lines that are missing here. The two sums are told apart because one is about what the script did, the other about words on the way.</remarks>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record EventsDroppedEvent : ExecutionEvent
{
    internal EventsDroppedEvent()
    {
    }

    /// <summary>Console lines that are missing.</summary>
    public required long ConsoleLines { get; init; }

    /// <summary>Reports of progress and partial results that are missing: there was no room, or they came faster than 100 a second.</summary>
    public required long Reports { get; init; }

    /// <summary>Tool calls and tool results that are missing: there was no room for them even without their payload.</summary>
    public required long ToolEvents { get; init; }

    internal override long Size => EventSize.Base;

    private protected override string Type => "events_dropped";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteNumber("consoleLines"u8, ConsoleLines);
        writer.WriteNumber("reports"u8, Reports);
        writer.WriteNumber("toolEvents"u8, ToolEvents);
    }
}
