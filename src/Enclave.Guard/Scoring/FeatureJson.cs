using System.Buffers;
using System.Text.Json;

namespace Enclave.Guard.Scoring;

/// <summary>Writes the body of a request to an external scorer: <c>{ features, version: "1.0" }</c>. Its size is bounded for any script.</summary>
internal static class FeatureJson
{
    /// <summary>The most tool calls and names in the body. <c>totalToolCalls</c> counts the others too.</summary>
    public const int MaxToolCalls = 256;

    private const int MaxItems = 16;

    public static byte[] Write(ScriptFeatures features)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("features");
            WriteToolCalls(json, features);
            WritePatterns(json, features);
            WriteNumbers(json, features);
            json.WriteEndObject();
            json.WriteString("version", "1.0");
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteToolCalls(Utf8JsonWriter json, ScriptFeatures features)
    {
        json.WriteStartArray("toolCalls");
        foreach (ToolCallFeatures call in features.ToolCalls.Take(MaxToolCalls))
        {
            json.WriteStartObject();
            json.WriteString("toolName", Cut(call.ToolName ?? ToolNames.Dynamic));
            json.WriteBoolean("isStaticName", call.ToolName is not null);
            WriteStrings(json, "argumentKeys", call.ArgumentKeys, MaxItems);
            WriteStrings(json, "stringLiterals", call.StringLiterals, MaxItems);
            json.WriteStartArray("numericLiterals");
            foreach (double number in call.NumericLiterals.Take(MaxItems)) json.WriteNumberValue(number);
            json.WriteEndArray();
            json.WriteBoolean("insideLoop", call.LoopDepth > 0);
            json.WriteNumber("loopDepth", call.LoopDepth);
            json.WriteStartObject("location");
            json.WriteNumber("line", call.Location.Line);
            json.WriteNumber("column", call.Location.Column);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePatterns(Utf8JsonWriter json, ScriptFeatures features)
    {
        json.WriteStartObject("patterns");
        json.WriteNumber("totalToolCalls", features.ToolCalls.Length);
        json.WriteNumber("uniqueToolsCount", features.UniqueTools);
        WriteStrings(json, "toolsInLoops", features.ToolsInLoops, MaxToolCalls);
        json.WriteNumber("maxLoopNesting", features.MaxLoopNesting);
        WriteStrings(json, "toolSequence", features.ToolSequence, MaxToolCalls);
        json.WriteBoolean("iteratesOverToolResults", features.IteratesOverToolResults);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, ScriptFeatures features)
    {
        json.WriteStartObject("signals");
        json.WriteNumber("maxLimit", features.MaxLimit);
        json.WriteNumber("maxStringLength", features.MaxStringLength);
        json.WriteNumber("toolCallDensity", features.ToolCallDensity);
        json.WriteNumber("fanOutRisk", features.FanOutRisk);
        json.WriteEndObject();
        json.WriteStartObject("sensitive");
        WriteStrings(
            json, "fieldsAccessed", [.. features.SensitiveFields.Select((field) => field.Name).Distinct(StringComparer.OrdinalIgnoreCase)], MaxToolCalls);
        IEnumerable<SensitiveCategory> categories = features.SensitiveFields.Select((field) => field.Category).Distinct().Order();
        WriteStrings(json, "categories", [.. categories.Select((category) => category.ToString().ToLowerInvariant())], MaxItems);
        json.WriteEndObject();
        json.WriteStartObject("meta");
        json.WriteString("codeHash", features.CodeHash);
        json.WriteNumber("lineCount", features.LineCount);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, ImmutableArray<string> values, int most)
    {
        json.WriteStartArray(name);
        foreach (string value in values.Take(most)) json.WriteStringValue(Cut(value));
        json.WriteEndArray();
    }

    private static string Cut(string text) => text.Length > 256 ? text[..256] : text;
}
