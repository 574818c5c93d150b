using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave;

/// <summary>The script called a tool.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ToolCallEvent : ExecutionEvent
{
    internal ToolCallEvent()
    {
    }

    /// <summary>The id of the call in this run: <c>c_1</c>, <c>c_2</c>, and so on.</summary>
    public string CallId => IdOf(Call);

    /// <summary>The tool's name as the script gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments; <see cref="ScriptValue.Undefined"/> if <see cref="PayloadOmitted"/>.</summary>
    public required ScriptValue Args { get; init; }

    /// <summary>True if the arguments were left out because the buffer of a slow reader had no room. The tool got them all.</summary>
    public bool PayloadOmitted { get; init; }

    /// <summary>The number of the call in its run, from 1.</summary>
    internal uint Call { get; init; }

    /// <summary>True if the tool declares how to undo the call.</summary>
    internal bool HasCompensation { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Name) + EventSize.Of(Args);

    /// <inheritdoc/>
    public override string Type => "tool_call";

    /// <summary>The public id of a call.</summary>
    internal static string IdOf(uint call) => $"c_{call}";

    internal override ExecutionEvent WithoutPayload() => this with { Args = ScriptValue.Undefined, PayloadOmitted = true };

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        JsonLine.WriteText(writer, "name"u8, Name);
        WriteValue(writer, "args"u8, Args, PayloadOmitted);
    }
}
