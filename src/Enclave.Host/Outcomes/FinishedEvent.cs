using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>The run has its answer. This event comes exactly once and last.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record FinishedEvent : ExecutionEvent
{
    internal FinishedEvent()
    {
    }

    /// <summary>The answer, as from <see cref="IEnclave.RunAsync"/>.</summary>
    public required ExecutionResult Result { get; init; }

    // The caller holds the result anyway.
    internal override long Size => EventSize.Base;

    /// <inheritdoc/>
    public override string Type => "finished";

    private protected override void WriteMembers(Utf8JsonWriter writer) => Result.WriteMembers(writer);
}
