using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Enclave.Broker.Tests.Captures;

/// <summary>A response as lines that can be compared: values that vary from run to run, and messages, are replaced by their names.</summary>
internal static partial class AnswerLines
{
    private const int Longest = 120;

    private static readonly HashSet<string> s_varying = ["callId", "expiresAt", "createdAt", "ts", "elapsedMs", "message", "durationMs", "duration", "stack"];
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The status and the headers.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="header">Returns a header's value, or null.</param>
    public static List<string> Head(int status, Func<string, string?> header)
    {
        List<string> lines = [$"{status} {header("Content-Type")}".TrimEnd()];
        if (header("Vary") is { } vary) lines.Add($"vary {vary}");
        if (header("Access-Control-Allow-Origin") is { } origin)
        {
            lines.Add($"origin {origin}, {header("Access-Control-Allow-Methods")}, {header("Access-Control-Max-Age")} s");
            lines.Add($"may send {header("Access-Control-Allow-Headers")}");
        }

        if (header("Access-Control-Expose-Headers") is { } exposed) lines.Add($"may read {exposed}");
        return lines;
    }

    /// <summary>Events, one per line. Heartbeats are one line at the end, because their number and positions depend on time.</summary>
    public static IEnumerable<string> Events(IEnumerable<JsonElement> events)
    {
        string? beat = null;
        foreach (JsonElement happened in events)
        {
            string line = happened.Type() + Text(happened.Payload());
            if (happened.Type() == "heartbeat") beat = line;
            else yield return line;
        }

        if (beat is not null) yield return beat;
    }

    /// <summary>A whole body.</summary>
    public static IEnumerable<string> Body(string body)
    {
        if (body.Length == 0) yield break;
        if (body[0] == '<')
        {
            yield return "(a page)";
            yield break;
        }

        foreach (JsonProperty member in JsonDocument.Parse(body).RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Array) yield return Text(member);
            else
            {
                yield return $"{member.Name}[]";
                foreach (JsonElement one in member.Value.EnumerateArray()) yield return Text(one);
            }
        }
    }

    // A catalogue's version is a word, or a hash that changes with the tools.
    private static string Text(JsonProperty member) => s_varying.Contains(member.Name) || member is { Name: "version", Value.ValueKind: JsonValueKind.String }
        && member.Value.GetString() != "empty" ? member.Name : $"{member.Name}={Text(member.Value)}";

    private static string Text(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: return $"{{{string.Join(",", value.EnumerateObject().Select(Text))}}}";
            case JsonValueKind.Array: return $"[{string.Join(",", value.EnumerateArray().Select(Text))}]";
            case JsonValueKind.Number: return value.GetDouble().ToString("R", CultureInfo.InvariantCulture);
            case JsonValueKind.String:
                string text = MadeId().Replace(JsonSerializer.Serialize(value.GetString(), s_plain), "s_*");
                return text.Length <= Longest ? text : $"{text[..Longest]}... of {text.Length}";
            default: return value.GetRawText();
        }
    }

    [GeneratedRegex("s_[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")]
    private static partial Regex MadeId();
}
