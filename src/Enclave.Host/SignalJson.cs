using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave;

/// <summary>The reasons for a score, as JSON: one form, in results and in reports of scores.</summary>
internal static class SignalJson
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<ScoreSignal> signals)
    {
        writer.WriteStartArray();
        foreach (ScoreSignal signal in signals) Write(writer, signal);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ScoreSignal signal)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, signal.Id);
        writer.WriteString("name"u8, signal.Name);
        writer.WriteNumber("score"u8, signal.Score);
        writer.WriteString("level"u8, signal.Level.ToString().ToLowerInvariant());
        // Names of the script may hold lone surrogates, which the writer alone would replace; values keep them.
        writer.WritePropertyName("description"u8);
        ScriptValue.From(signal.Description).WriteTo(writer);
        if (signal.Location is { } at)
        {
            writer.WritePropertyName("location"u8);
            IssueJson.Write(writer, at);
        }

        writer.WritePropertyName("context"u8);
        ScriptValue.From(signal.Context).WriteTo(writer);
        writer.WriteEndObject();
    }
}
