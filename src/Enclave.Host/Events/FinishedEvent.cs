using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Events;

namespace Enclave;

/// <summary>The run has its answer. Comes exactly once, and nothing follows it.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record FinishedEvent : ExecutionEvent
{
    internal FinishedEvent()
    {
    }

    /// <summary>The answer that <see cref="IEnclave.RunAsync"/> would have given.</summary>
    public required ExecutionResult Result { get; init; }

    // The result is its caller's, whoever else has it.
    internal override long Size => EventSize.Base;

    private protected override string Type => "finished";

    private protected override void WriteMembers(Utf8JsonWriter writer) => Result.WriteMembers(writer);
}
