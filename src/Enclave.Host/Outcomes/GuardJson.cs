using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>Writes the guard's issues and the reasons for a score as JSON. Results and the command line's reports have the same form.</summary>
internal static class GuardJson
{
    /// <summary>Writes them as an array.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<GuardIssue> issues) => WriteAll(writer, issues, static (writer, issue) =>
    {
        writer.WriteString("rule"u8, issue.Rule);
        writer.WriteString("code"u8, issue.Code);
        writer.WriteString("severity"u8, issue.Severity.ToString().ToLowerInvariant());
        WriteValue(writer, "message", issue.Message);
        if (issue.Hint is not null) writer.WriteString("hint"u8, issue.Hint);
        WriteLocation(writer, issue.Location);
        WriteValue(writer, "data", issue.Data);
    });

    /// <summary>Reads an issue that was written.</summary>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    public static GuardIssue Read(JsonElement json) => new(
        Text(json, "rule"), Text(json, "code"), Text(json, "message"), Enum.Parse<IssueSeverity>(Text(json, "severity"), ignoreCase: true))
    {
        Hint = json.TryGetProperty("hint", out JsonElement hint) ? hint.GetString() : null,
        Location = json.TryGetProperty("location", out JsonElement at)
            ? new SourceLocation(
                Number(at, "offset"), Number(at, "length"), Number(at, "line"), Number(at, "column"), Number(at, "endLine"), Number(at, "endColumn"))
            : null,
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    /// <summary>Writes them as an array.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<ScoreSignal> signals) => WriteAll(writer, signals, static (writer, signal) =>
    {
        writer.WriteString("id"u8, signal.Id);
        writer.WriteString("name"u8, signal.Name);
        writer.WriteNumber("score"u8, signal.Score);
        writer.WriteString("level"u8, signal.Level.ToString().ToLowerInvariant());
        WriteValue(writer, "description", signal.Description);
        WriteLocation(writer, signal.Location);
        WriteValue(writer, "context", signal.Context);
    });

    private static void WriteAll<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        writer.WriteStartArray();
        foreach (T item in items)
        {
            writer.WriteStartObject();
            members(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The script's names may contain lone surrogates, which the writer alone would replace. Values keep them.</summary>
    private static void WriteValue(Utf8JsonWriter writer, string name, object value)
    {
        writer.WritePropertyName(name);
        ScriptValue.From(value).WriteTo(writer);
    }

    private static void WriteLocation(Utf8JsonWriter writer, SourceLocation? location)
    {
        if (location is not { } at) return;
        writer.WriteStartObject("location"u8);
        writer.WriteNumber("offset"u8, at.Offset);
        writer.WriteNumber("length"u8, at.Length);
        writer.WriteNumber("line"u8, at.Line);
        writer.WriteNumber("column"u8, at.Column);
        writer.WriteNumber("endLine"u8, at.EndLine);
        writer.WriteNumber("endColumn"u8, at.EndColumn);
        writer.WriteEndObject();
    }
}
