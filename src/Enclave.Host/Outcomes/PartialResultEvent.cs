using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave;

/// <summary>A tool gave a part of its result: <see cref="ToolContext.EmitPartial"/>.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record PartialResultEvent : ExecutionEvent
{
    internal PartialResultEvent()
    {
    }

    /// <summary>The id of the call.</summary>
    public string CallId => ToolCallEvent.IdOf(Call);

    /// <summary>The place of the part, in the tool's own words.</summary>
    public required ImmutableArray<string> Path { get; init; }

    /// <summary>The part; <see cref="ScriptValue.Undefined"/> if <see cref="PayloadOmitted"/>.</summary>
    public required ScriptValue Data { get; init; }

    /// <summary>True if the data was left out because it is larger than 1 MB.</summary>
    public bool PayloadOmitted { get; init; }

    /// <summary>The number of the call in its run.</summary>
    internal uint Call { get; init; }

    internal override long Size => EventSize.Base + Path.Sum((part) => EventSize.Of(part)) + EventSize.Of(Data);

    /// <inheritdoc/>
    public override string Type => "partial_result";

    internal override ExecutionEvent WithoutPayload() => this with { Data = ScriptValue.Undefined, PayloadOmitted = true };

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        writer.WriteStartArray("path"u8);
        foreach (string part in Path) ScriptValue.From(part).WriteTo(writer);
        writer.WriteEndArray();
        WriteValue(writer, "data"u8, Data, PayloadOmitted);
    }
}
