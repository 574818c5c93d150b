using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>The run is on its way to a worker. The first event of every run that starts. A refused run has only its <see cref="FinishedEvent"/>.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record StartedEvent : ExecutionEvent
{
    internal StartedEvent()
    {
    }

    /// <summary>How long the run waited for its worker.</summary>
    public required TimeSpan QueueWait { get; init; }

    internal override long Size => EventSize.Base;

    /// <inheritdoc/>
    public override string Type => "started";

    private protected override void WriteMembers(Utf8JsonWriter writer) => writer.WriteNumber("queueWaitMs"u8, QueueWait.TotalMilliseconds);
}
