using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave;

/// <summary>A tool answered or failed while the run had not ended.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ToolResultEvent : ExecutionEvent
{
    internal ToolResultEvent()
    {
    }

    /// <summary>The id of the call.</summary>
    public string CallId => ToolCallEvent.IdOf(Call);

    /// <summary>The tool's name as the script gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The tool's value; <see cref="ScriptValue.Undefined"/> if it failed, or if <see cref="PayloadOmitted"/>.</summary>
    public required ScriptValue Value
    {
        get => Encoded is { } encoded ? encoded.Value : field;
        init => (field, Encoded) = (value, null);
    }

    /// <summary>The value as its journal has it; null if it was not read from one.</summary>
    internal EncodedValue? Encoded { get; init; }

    /// <summary>The bytes of the value.</summary>
    internal ReadOnlyMemory<byte> Encoding => Encoded?.Bytes ?? ScriptValueCodec.Encode(Value);

    /// <summary>
    /// The failure, as the script sees it: <see cref="ErrorCode.ToolError"/>, name, message, and the
    /// tool's own code as <c>Data["code"]</c>. Null if it did not fail.
    /// </summary>
    public ExecutionError? Error => Failure is null ? null : new ExecutionError
    {
        Code = ErrorCode.ToolError,
        Name = Failure.Name,
        Message = Failure.Message,
        Data = Failure.Code is null ? null : new Dictionary<string, object?> { ["code"] = Failure.Code },
    };

    /// <summary>The time since the tool was called.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// True if the value was left out, or the failure's message cut, because the buffer of a slow reader had no room. The script got everything.
    /// </summary>
    public bool PayloadOmitted { get; init; }

    /// <summary>The number of the call in its run.</summary>
    internal uint Call { get; init; }

    /// <summary>The failure; null if it did not fail.</summary>
    internal ToolFailure? Failure { get; init; }

    /// <summary>The script's clock after the answer, in milliseconds since 1970, for a run whose clock moves with its answers; otherwise null.</summary>
    internal long? ScriptTime { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Name) + EventSize.Of(Value) + EventSize.Of(Failure?.Name) + EventSize.Of(Failure?.Message);

    /// <inheritdoc/>
    public override string Type => "tool_result";

    internal override ExecutionEvent WithoutPayload() => this with
    {
        Value = ScriptValue.Undefined,
        Failure = Failure is null ? null : Failure with { Message = EventSize.Cut(Failure.Message) },
        PayloadOmitted = true,
    };

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        JsonLine.WriteText(writer, "name"u8, Name);
        writer.WriteNumber("elapsedMs"u8, Elapsed.TotalMilliseconds);
        if (Error is { } error) ExecutionResult.WriteError(writer, error);
        else WriteValue(writer, "value"u8, Value, PayloadOmitted);
    }
}
