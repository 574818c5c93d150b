using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Events;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave;

/// <summary>A tool answered, or failed, and the run had not ended.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ToolResultEvent : ExecutionEvent
{
    internal ToolResultEvent()
    {
    }

    /// <summary>The call that is answered.</summary>
    public required string CallId { get; init; }

    /// <summary>The tool's name as the script gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The tool's value; <see cref="ScriptValue.Undefined"/> when it failed, or when <see cref="PayloadOmitted"/>.</summary>
    public required ScriptValue Value { get; init; }

    /// <summary>
    /// The failure as the script sees it: <see cref="ErrorCode.ToolError"/>, name, message, and the tool's own code as <c>Data["code"]</c>. Null when it did not fail.
    /// </summary>
    public ExecutionError? Error { get; init; }

    /// <summary>The time since the tool was called.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>True if the value is left out, or the message of the failure cut, because the buffer of a reader who lags had no room. The script got it whole.</summary>
    public bool PayloadOmitted { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Name) + EventSize.Of(Value) + EventSize.Of(Error?.Name) + EventSize.Of(Error?.Message);

    private protected override string Type => "tool_result";

    internal override ExecutionEvent WithoutPayload() => this with
    {
        Value = ScriptValue.Undefined,
        Error = Error is null ? null : Error with { Message = EventSize.Cut(Error.Message) },
        PayloadOmitted = true,
    };

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("callId"u8, CallId);
        JsonLine.WriteText(writer, "name"u8, Name);
        writer.WriteNumber("elapsedMs"u8, Elapsed.TotalMilliseconds);
        if (Error is null) WriteValue(writer, "value"u8, Value, PayloadOmitted);
        else ExecutionResult.WriteError(writer, Error);
    }
}
