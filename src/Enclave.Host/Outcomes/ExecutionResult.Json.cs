using System.Text.Json;
using Enclave.Guard;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave;

/// <content>The result as JSON, for other programs.</content>
public sealed partial record ExecutionResult
{
    /// <summary>Returns the result as one JSON object on one line; see <see cref="WriteTo"/>.</summary>
    public string ToJsonString() => JsonLine.Of(WriteTo);

    /// <summary>
    /// Writes the result as one JSON object: <c>success</c>, <c>value</c> (left out when
    /// undefined), <c>error</c> (on failure), <c>stdout</c>, <c>stats</c>, <c>runId</c>, <c>policyVersion</c> and <c>script</c> (left out when null),
    /// <c>warnings</c> (left out when there are none).
    /// </summary>
    /// <remarks>Names are in camelCase, times are milliseconds with the unit in their name, values follow <see cref="ScriptValue.WriteTo"/>.</remarks>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members of <see cref="WriteTo"/> into an object that has others.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("success"u8, Success);
        if (Value.Kind != ScriptValueKind.Undefined)
        {
            writer.WritePropertyName("value"u8);
            Value.WriteTo(writer);
        }

        if (Error is not null) WriteError(writer, Error);
        JsonLine.WriteText(writer, "stdout"u8, Stdout);
        writer.WritePropertyName("stats"u8);
        Write(writer, Stats);
        if (RunId is not null) JsonLine.WriteText(writer, "runId"u8, RunId);
        if (PolicyVersion is not null) JsonLine.WriteText(writer, "policyVersion"u8, PolicyVersion);
        if (Script is not null) JsonLine.WriteText(writer, "script"u8, Script);
        if (Warnings.Count == 0) return;
        writer.WritePropertyName("warnings"u8);
        GuardJson.Write(writer, Warnings);
    }

    internal static void WriteError(Utf8JsonWriter writer, ExecutionError error)
    {
        writer.WritePropertyName("error"u8);
        Write(writer, error);
    }

    internal static void Write(Utf8JsonWriter writer, ExecutionError error)
    {
        writer.WriteStartObject();
        writer.WriteString("code"u8, error.Code.ToCode());
        JsonLine.WriteText(writer, "name"u8, error.Name);
        JsonLine.WriteText(writer, "message"u8, error.Message);
        if (error.Stack is not null) JsonLine.WriteText(writer, "stack"u8, error.Stack);
        if (error.Data is not null) WriteData(writer, error.Data);
        writer.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> data)
    {
        writer.WriteStartObject("data"u8);
        foreach ((string name, object? value) in data)
        {
            writer.WritePropertyName(name);
            if (value is IEnumerable<GuardIssue> issues) GuardJson.Write(writer, issues);
            else if (value is IEnumerable<ScoreSignal> signals) GuardJson.Write(writer, signals);
            else ScriptValue.From(value).WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter writer, ExecutionStats stats)
    {
        writer.WriteStartObject();
        writer.WriteNumber("durationMs"u8, stats.Duration.TotalMilliseconds);
        writer.WriteNumber("queueWaitMs"u8, stats.QueueWait.TotalMilliseconds);
        writer.WriteNumber("cpuTimeMs"u8, stats.CpuTime.TotalMilliseconds);
        writer.WriteNumber("toolTimeMs"u8, stats.ToolTime.TotalMilliseconds);
        writer.WriteNumber("toolCallCount"u8, stats.ToolCallCount);
        writer.WriteNumber("iterationCount"u8, stats.IterationCount);
        writer.WriteNumber("peakMemoryBytes"u8, stats.PeakMemoryBytes);
        writer.WriteNumber("bytesIn"u8, stats.BytesIn);
        writer.WriteNumber("bytesOut"u8, stats.BytesOut);
        writer.WriteNumber("workerId"u8, stats.WorkerId);
        writer.WriteString("isolation"u8, stats.Isolation);
        writer.WriteEndObject();
    }
}
