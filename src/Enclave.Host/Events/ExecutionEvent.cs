using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>One thing that happened in a run, as <see cref="IEnclave.StreamAsync"/> and <see cref="ExecutionSession.Events"/> tell it.</summary>
/// <remarks>
/// The kinds are <see cref="StartedEvent"/>, <see cref="ConsoleEvent"/>, <see cref="ToolCallEvent"/>, <see cref="ToolProgressEvent"/>, <see cref="ToolResultEvent"/>,
/// <see cref="PartialResultEvent"/>, <see cref="HeartbeatEvent"/>, <see cref="EventsDroppedEvent"/> and <see cref="FinishedEvent"/>, which is always the last. More may come: pass over what you do not know.
/// </remarks>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public abstract partial record ExecutionEvent
{
    private protected ExecutionEvent()
    {
    }

    /// <summary>The event's number in its run: 1 for the first, and one more for each that follows, without a gap.</summary>
    public long Sequence { get; init; }

    /// <summary>When it was taken down, by <see cref="EnclaveOptions.TimeProvider"/>.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>What it holds on to in memory, rounded up.</summary>
    internal abstract long Size { get; }

    /// <summary>The same event without its payload, for a buffer that has no room for it.</summary>
    internal virtual ExecutionEvent WithoutPayload() => this;
}
