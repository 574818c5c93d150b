using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>One event of a run, from <see cref="IEnclave.StreamAsync"/> or <see cref="ExecutionSession.Events"/>.</summary>
/// <remarks>
/// The kinds are <see cref="StartedEvent"/>, <see cref="ConsoleEvent"/>, <see cref="ToolCallEvent"/>,
/// <see cref="ToolProgressEvent"/>, <see cref="ToolResultEvent"/>,
/// <see cref="PartialResultEvent"/>, <see cref="HeartbeatEvent"/>, <see cref="EventsDroppedEvent"/> and <see cref="FinishedEvent"/>, which is always the
/// last. More kinds may be added: ignore unknown ones.
/// </remarks>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public abstract partial record ExecutionEvent
{
    private protected ExecutionEvent()
    {
    }

    /// <summary>The event's number in its run, from 1 without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>The time of the event, by <see cref="EnclaveOptions.TimeProvider"/>.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Its memory, rounded up.</summary>
    internal abstract long Size { get; }

    /// <summary>The same event without its payload, for a buffer without room for it.</summary>
    internal virtual ExecutionEvent WithoutPayload() => this;
}
