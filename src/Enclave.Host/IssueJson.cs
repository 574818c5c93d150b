using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave;

/// <summary>What the guard found, as JSON: one form, in results and in reports of checks.</summary>
internal static class IssueJson
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<GuardIssue> issues)
    {
        writer.WriteStartArray();
        foreach (GuardIssue issue in issues) Write(writer, issue);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, SourceLocation at)
    {
        writer.WriteStartObject();
        writer.WriteNumber("offset"u8, at.Offset);
        writer.WriteNumber("length"u8, at.Length);
        writer.WriteNumber("line"u8, at.Line);
        writer.WriteNumber("column"u8, at.Column);
        writer.WriteNumber("endLine"u8, at.EndLine);
        writer.WriteNumber("endColumn"u8, at.EndColumn);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GuardIssue issue)
    {
        writer.WriteStartObject();
        writer.WriteString("rule"u8, issue.Rule);
        writer.WriteString("code"u8, issue.Code);
        writer.WriteString("severity"u8, issue.Severity switch
        {
            IssueSeverity.Error => "error",
            IssueSeverity.Warning => "warning",
            _ => "info",
        });
        // Names of the script may hold lone surrogates, which the writer alone would replace; values keep them.
        writer.WritePropertyName("message"u8);
        ScriptValue.From(issue.Message).WriteTo(writer);
        if (issue.Hint is not null) writer.WriteString("hint"u8, issue.Hint);
        if (issue.Location is { } at)
        {
            writer.WritePropertyName("location"u8);
            Write(writer, at);
        }

        writer.WritePropertyName("data"u8);
        ScriptValue.From(issue.Data).WriteTo(writer);
        writer.WriteEndObject();
    }
}
