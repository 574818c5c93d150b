using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Enclave.Guard.Answers;

/// <summary>Takes a program out of what models put around it, or into it: JSON, tags, escaped line ends, typographic quotes, prose.</summary>
/// <remarks>Only for a text that is no program as it is. Each reading is linear in the text.</remarks>
internal static partial class AnswerWraps
{
    private const int MaxJsonDepth = 8;

    private static readonly SearchValues<char> s_typographic = SearchValues.Create("\u201c\u201d\u201e\u2018\u2019\u201a\u00a0");

    /// <summary>The text inside of one pair of tags around the whole; null if there is none.</summary>
    public static string? OfTags(string text) => Tags().Match(text) is { Success: true } tags ? tags.Groups["inner"].Value : null;

    /// <summary>Other readings of the text, the likeliest first, each with the line in which it begins.</summary>
    /// <param name="text">The text.</param>
    /// <param name="beginsAsCode">Says if a line is one of code.</param>
    public static IEnumerable<(string Text, int Line)> Readings(string text, Func<string, bool> beginsAsCode)
    {
        // Each stands for one character, so places stay.
        if (text.AsSpan().ContainsAny(s_typographic))
        {
            yield return (text.Replace('\u201c', '"').Replace('\u201d', '"').Replace('\u201e', '"')
                .Replace('\u2018', '\'').Replace('\u2019', '\'').Replace('\u201a', '\'').Replace('\u00a0', ' '), 1);
        }

        if (!text.AsSpan().Trim().Contains('\n') && text.Contains("\\n", StringComparison.Ordinal))
        {
            yield return (text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)
                .Replace("\\\"", "\"", StringComparison.Ordinal), 1);
        }

        string[] lines = text.Split('\n');
        int first = Array.FindIndex(lines, (line) => beginsAsCode(line)), end = lines.Length;
        // A line with a mistake is not left out as if it were prose: the rest would run without it.
        if (first < 0 || !Array.TrueForAll(lines[..first], IsProse)) yield break;
        while (end > first && IsProse(lines[end - 1]) && !beginsAsCode(lines[end - 1])) end--;
        if (first > 0 || end < lines.Length) yield return (string.Join('\n', lines[first..end]), first + 1);
    }

    /// <summary>True if each line is one of words without signs of code.</summary>
    public static bool IsAllProse(string text) => Array.TrueForAll(text.Split('\n'), IsProse);

    /// <summary>True for an empty line, and for one of words without signs of code.</summary>
    private static bool IsProse(string line) => Prose().IsMatch(line);

    /// <summary>The text that a JSON object names as a program; null if there is none. Such an object is never a program itself.</summary>
    public static string? OfJson(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{', ..]) return null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxJsonDepth, AllowTrailingCommas = true });
            return In(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? In(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        foreach (string name in (string[])["code", "script", "program", "source", "javascript", "typescript"])
        {
            if (value.TryGetProperty(name, out JsonElement program) && program.ValueKind == JsonValueKind.String) return program.GetString();
        }

        // A call of a tool: { "name": "run_code", "arguments": { "code": "…" } }.
        foreach (string name in (string[])["arguments", "args", "input", "parameters"])
        {
            if (value.TryGetProperty(name, out JsonElement arguments) && arguments.ValueKind == JsonValueKind.Object) return In(arguments);
        }

        return null;
    }

    // Words with blanks between them, and an end of a sentence: a line of code has other signs, or is one word.
    [GeneratedRegex(@"\A\s*(?:\p{L}[\p{L}\p{Nd}'\u2019`,\-]*(?: [\p{L}\p{Nd}'\u2019`,\-]+)+ ?[.:!?]\s*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prose();

    [GeneratedRegex(
        @"\A\s*<(?<tag>[a-zA-Z][\w-]{0,30})(?:\s[^<>]{0,200})?>(?<inner>.*)</\k<tag>>\s*\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tags();
}
