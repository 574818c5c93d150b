using System.Collections.ObjectModel;
using System.Text.Json;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>A recorded run with its last steps, and the values that led to its error (<see cref="EnclaveDurableExtensions.ExplainAsync"/>).</summary>
public sealed record RunExplanation
{
    /// <summary>The recorded error; null for a run that succeeded.</summary>
    public required ExecutionError? Error { get; init; }

    /// <summary>The line of the script that failed, from 1; null without an error, or if the line is unknown.</summary>
    public int? Line { get; init; }

    /// <summary>The statement that failed; null without <see cref="Line"/>.</summary>
    public string? Statement { get; init; }

    /// <summary>The name of the function of <see cref="Statement"/>; null outside functions.</summary>
    public string? Function { get; init; }

    /// <summary>
    /// The values of the names and expressions of <see cref="Statement"/>, as short text: <c>undefined</c>, <c>"text"</c>, <c>{ id: 1 }</c>. Getters and
    /// proxies are named and not read.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The last steps, at most 1,000, the oldest first.</summary>
    public IReadOnlyList<ExplainedStep> Steps { get; init; } = [];

    /// <summary>The number of all steps of the run.</summary>
    public long StepCount { get; init; }

    /// <summary>Calls, answers, lines and the end, the oldest first, at most 1,000.</summary>
    public required IReadOnlyList<ExplainedEvent> Timeline { get; init; }

    /// <summary>Anything that limits this explanation: no trace, or a replay that differs from its recording.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Returns the explanation as one JSON object on one line: its properties in camelCase, without those that are null or empty.</summary>
    public string ToJsonString() => JsonLine.Of(WriteTo);

    /// <summary>Writes the object of <see cref="ToJsonString"/>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        if (Line is { } line) writer.WriteNumber("line"u8, line);
        WriteText(writer, "statement"u8, Statement);
        WriteText(writer, "function"u8, Function);
        if (Line is not null) Write(writer, "values"u8, Values);
        if (Error is not null) ExecutionResult.WriteError(writer, Error);
        writer.WriteNumber("stepCount"u8, StepCount);
        writer.WriteStartArray("steps"u8);
        foreach (ExplainedStep step in Steps) Write(writer, step);
        writer.WriteEndArray();
        writer.WriteStartArray("timeline"u8);
        foreach (ExplainedEvent entry in Timeline) Write(writer, entry);
        writer.WriteEndArray();
        Write(writer, "notes"u8, Notes);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ExplainedStep step)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number"u8, step.Number);
        writer.WriteNumber("line"u8, step.Line);
        JsonLine.WriteText(writer, "statement"u8, step.Statement);
        WriteText(writer, "function"u8, step.Function);
        Write(writer, "values"u8, step.Values);
        if (step.Branch is { } branch) writer.WriteBoolean("branch"u8, branch);
        if (step.Round is { } round) writer.WriteNumber("round"u8, round);
        Write(writer, "calls"u8, step.Calls);
        Write(writer, "printed"u8, step.Printed);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ExplainedEvent entry)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, entry.Kind);
        writer.WriteNumber("atMs"u8, entry.At.TotalMilliseconds);
        if (entry.Call is { } call) writer.WriteNumber("call"u8, call);
        if (entry.Line is { } line) writer.WriteNumber("line"u8, line);
        JsonLine.WriteText(writer, "text"u8, entry.Text);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> values)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string value) in values) JsonLine.WriteText(writer, System.Text.Encoding.UTF8.GetBytes(key), value);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (string text in texts) ScriptText(writer, text);
        writer.WriteEndArray();
    }

    private static void ScriptText(Utf8JsonWriter writer, string text) => Protocol.ScriptValue.From(text).WriteTo(writer);

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) JsonLine.WriteText(writer, name, text);
    }
}
