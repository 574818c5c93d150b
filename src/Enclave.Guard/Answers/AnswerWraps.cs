using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Guard.Unicode;

namespace Enclave.Guard.Answers;

/// <summary>Takes a program out of what models put around it, or into it: JSON, tags, escaped line ends, typographic quotes, prose.</summary>
/// <remarks>Only for a text that is not a program when it is read unchanged. Each reading is linear in the text.</remarks>
internal static partial class AnswerWraps
{
    private const int MaxJsonDepth = 8;

    private static readonly SearchValues<char> s_typographic = SearchValues.Create("\u201c\u201d\u201e\u2018\u2019\u201a\u00a0");

    /// <summary>The text inside a pair of tags that encloses the whole text; null if there is none.</summary>
    public static string? OfTags(string text) => Tags().Match(text) is { Success: true } tags ? tags.Groups["inner"].Value : null;

    /// <summary>Other readings of the text, the likeliest first, each with the line in which it begins.</summary>
    /// <param name="text">The text.</param>
    /// <param name="beginsAsCode">Says if a line is one of code.</param>
    public static IEnumerable<(string Text, int Line)> Readings(string text, Func<string, bool> beginsAsCode)
    {
        foreach (string plain in Signs(text)) yield return (plain, 1);
        if (text.Contains("<|", StringComparison.Ordinal) && OfMarks(text) is var (unmarked, place)) yield return (unmarked, place);
        if (!text.AsSpan().Trim().Contains('\n') && text.Contains("\\n", StringComparison.Ordinal))
        {
            yield return (text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)
                .Replace("\\\"", "\"", StringComparison.Ordinal), 1);
        }

        // Reasoning whose first tag stood in the prompt.
        if (ThoughtEnd().Match(text) is { Success: true } thought) yield return (text[(thought.Index + thought.Length)..], LineAt(text, thought.Index));
        string[] lines = text.Split('\n');
        if (WithoutNumbers(lines) is { } unnumbered) yield return (unnumbered, 1);
        int action = Array.FindIndex(lines, (line) => line.StartsWith("Action Input:", StringComparison.Ordinal));
        int observation = Array.FindIndex(lines, action + 1, (line) => line.StartsWith("Observation:", StringComparison.Ordinal));
        if (action >= 0) lines[action] = lines[action]["Action Input:".Length..];
        // The text of an agent's steps: an observation is invented, because nothing has run.
        if (observation > 0) lines = lines[..observation];
        if (action >= 0 || observation > 0) yield return (string.Join('\n', lines[Math.Max(0, action)..]), Math.Max(0, action) + 1);
        int first = Array.FindIndex(lines, (line) => beginsAsCode(line)), end = lines.Length;
        // A line with a mistake is not left out as if it were prose: the rest would run without it.
        if (first < 0 || !Array.TrueForAll(lines[..first], IsProse)) yield break;
        while (end > first && IsProse(lines[end - 1]) && !beginsAsCode(lines[end - 1])) end--;
        if (first > 0 || end < lines.Length) yield return (string.Join('\n', lines[first..end]), first + 1);
    }

    /// <summary>The text with typographic signs replaced by those of JavaScript.</summary>
    public static IEnumerable<string> Signs(string text)
    {
        // Each sign is replaced by one character, so that offsets do not change.
        string straight = !text.AsSpan().ContainsAny(s_typographic) ? text
            : text.Replace('\u201c', '"').Replace('\u201d', '"').Replace('\u201e', '"')
                .Replace('\u2018', '\'').Replace('\u2019', '\'').Replace('\u201a', '\'').Replace('\u00a0', ' ');
        if (!ReferenceEquals(straight, text)) yield return straight;
        if (Typography.IsIn(straight)) yield return Typography.Plain(straight);
        // Code that was escaped for a page: all of it is unescaped.
        if (!straight.Contains("&gt;", StringComparison.Ordinal) && !straight.Contains("&lt;", StringComparison.Ordinal)
            && !straight.Contains("&amp;", StringComparison.Ordinal) && !straight.Contains("&quot;", StringComparison.Ordinal)) yield break;
        yield return straight.Replace("&gt;", ">", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&#39;", "'", StringComparison.Ordinal)
            .Replace("&apos;", "'", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    /// <summary>
    /// The text behind the thoughts that a model puts first, and its line; null if it begins with none. The text is empty if nothing follows.
    /// </summary>
    public static (string Text, int Line)? BehindThoughts(string text)
    {
        int at = 0;
        while (Thought().Match(text, at) is { Success: true } open)
        {
            string close = $"</{open.Groups["tag"].Value}>";
            int end = text.IndexOf(close, open.Index + open.Length, StringComparison.OrdinalIgnoreCase);
            if (end < 0) return ("", 1);
            at = end + close.Length;
        }

        return at == 0 ? null : (text[at..], LineAt(text, at));
    }

    /// <summary>The text between the marks of a chat template: behind the head of the last message, up to its end.</summary>
    private static (string Text, int Line) OfMarks(string text)
    {
        const string Head = "<|message|>";
        int start = text.LastIndexOf(Head, StringComparison.Ordinal) is >= 0 and var head ? head + Head.Length : 0;
        string inner = text[start..];
        if (EndMark().Match(inner) is { Success: true, Index: > 0 } end) inner = inner[..end.Index];
        return (Mark().Replace(inner, ""), LineAt(text, start));
    }

    /// <summary>The text without line numbers; null if its lines are not numbered.</summary>
    private static string? WithoutNumbers(string[] lines)
    {
        int? last = null;
        string[] plain = [.. lines];
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            if (LineNumber().Match(lines[i]) is not { Success: true } match) return null;
            int number = int.Parse(match.Groups["number"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            if (last is not null && number <= last) return null;
            last = number;
            plain[i] = lines[i][match.Length..];
        }

        return last is null ? null : string.Join('\n', plain);
    }

    /// <summary>The line of a place, from 1.</summary>
    private static int LineAt(string text, int place) => text.AsSpan(0, place).Count('\n') + 1;

    /// <summary>True if each line is empty or has only words without signs of code.</summary>
    public static bool IsAllProse(string text) => Array.TrueForAll(text.Split('\n'), IsProse);

    /// <summary>True for a line that is empty or has only words without signs of code.</summary>
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

    // A line of prose: words with blanks between them, and an end of a sentence. A line of code has other signs, or is one word.
    [GeneratedRegex(@"\A\s*(?:\p{L}[\p{L}\p{Nd}'\u2019`,\-]*(?: [\p{L}\p{Nd}'\u2019`,\-]+)+ ?[.:!?]\s*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prose();

    [GeneratedRegex(
        @"\A\s*<(?<tag>[a-zA-Z][\w-]{0,30})(?:\s[^<>]{0,200})?>(?<inner>.*)</\k<tag>>\s*\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(
        @"\G\s*<(?<tag>think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)>",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Thought();

    [GeneratedRegex(@"^\s{0,8}</(?:think|thinking|thought|reasoning)>", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ThoughtEnd();

    [GeneratedRegex(@"<\|(?:end|im_end|endoftext|eot_id|eom_id|return|call)\|>", RegexOptions.CultureInvariant)]
    private static partial Regex EndMark();

    [GeneratedRegex(@"<\|im_start\|>[a-z]{0,20}|<\|[a-z_]{1,40}\|>", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\A[ \t]{0,8}(?<number>\d{1,5})[ \t]{0,4}[|:│→][ \t]?", RegexOptions.CultureInvariant)]
    private static partial Regex LineNumber();
}
