using System.Text.RegularExpressions;

namespace Enclave.Guard.Rules;

/// <summary>Texts that are not scripts at all, and do not parse: other languages, data, and what models and tools put around a script.</summary>
internal static partial class ForeignText
{
    /// <summary>The most characters of a text that are searched. Only a text that does not parse is searched, once.</summary>
    private const int MaxLength = 4_000;

    private const string Call = "await callTool('name', { … })";

    private static readonly (Regex Sign, string Hint)[] s_rows =
    [
        (Thoughts(), "Leave out the thoughts and their tags, <think> … </think>: send the script alone."),
        (ToolTags(), $"This is a tool call in XML, not a script. Write {Call}."),
        (Steps(), "Leave out Thought:, Action: and Observation: with their texts: send the script alone. What it returns is the observation."),
        (LineNumbers(), "Leave out the line numbers: send the plain script."),
        (Diff(), "Leave out the signs + and - of a diff: send the whole script as it becomes."),
        (Php(), Other("PHP")),
        (Go(), Other("Go")),
        (Java(), Other("Java or C#")),
        (Shell(), Other("a command of a shell")),
        (Sql(), $"This is SQL. Give a query to a tool as text: await callTool('name', {{ query: '…' }})."),
        (OpenFile(), $"There are no files: ask a tool for them, {Call}. And this is Python: write JavaScript."),
        (Python(), $"This is Python. Write the whole script in JavaScript: console.log for print, and {Call} for requests."),
        (Ruby(), Other("Ruby")),
        (Json(), "This is JSON, not a script: to give a value write return { … };"),
    ];

    /// <summary>The hint for a text that is not a script; null if it looks like one.</summary>
    public static string? For(string source)
    {
        string text = source.Length > MaxLength ? source[..MaxLength] : source;
        if (Mark().Match(text) is { Success: true } mark) return $"{mark.Value} is a mark of the chat, not of the script: leave it out.";
        foreach ((Regex sign, string hint) in s_rows)
        {
            if (sign.IsMatch(text)) return hint;
        }

        return null;
    }

    private static string Other(string language) => $"This is {language}, not JavaScript. Write the whole script in JavaScript, and call tools with {Call}.";

    [GeneratedRegex(@"<\|[a-z_]{1,40}\|>", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^[ \t]{0,8}</?(?:think|thinking|reasoning|reflection|scratchpad)>", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Thoughts();

    [GeneratedRegex(@"\A\s*<(?:[\w]{1,20}:)?(?:function_calls|invoke|tool_call|tool_use|function_call|function=|parameter)", RegexOptions.CultureInvariant)]
    private static partial Regex ToolTags();

    [GeneratedRegex(@"^(?:Observation|Thought|Action|Action Input|Final Answer): ", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Steps();

    [GeneratedRegex(@"\A\s*\d{1,5}[ \t]*[|:│→][^\n]*\n\s*\d{1,5}[ \t]*[|:│→]", RegexOptions.CultureInvariant)]
    private static partial Regex LineNumbers();

    [GeneratedRegex(@"^(?:@@ |(?:[-+] ?)(?:const|let|var|return|await|async|function|if|for|//)\b)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Diff();

    [GeneratedRegex(@"\A\s*<\?php", RegexOptions.CultureInvariant)]
    private static partial Regex Php();

    [GeneratedRegex(@"\A\s*package \w+[ \t]*\r?$|^func \w+\(.*\{", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Go();

    [GeneratedRegex(
        @"^\s*(?:public (?:static |final )?(?:class|void|record)\b|import java[\w.]*;|using System[\w.]*;|System\.out\.print|Console\.Write(?:Line)?\()",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Java();

    [GeneratedRegex(
        @"\A\s*(?:#!/|\$ \w|(?:curl|wget|npm|npx|yarn|pip3?|cd|ls|echo|cat|git|sudo|bash|sh|python3?|node|docker|kubectl|apt|brew) [\w\-./'""$@~])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shell();

    [GeneratedRegex(@"\A\s*(?:SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|CREATE TABLE\s|WITH \w+ AS \()", RegexOptions.CultureInvariant)]
    private static partial Regex Sql();

    [GeneratedRegex(@"^\s*with open\(", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex OpenFile();

    // A module without quotes, or two heads of blocks that end with a colon.
    [GeneratedRegex(
        @"^(?:import \w+(?:\.\w+)*(?: as \w+)?(?:, *\w+)*[ \t]*\r?$|from [\w.]+ import )" +
        @"|^[ \t]*(?:def|for|if|elif|else|while|class|try|except|with|async def)\b[^\n{}]*:[ \t]*\r?\n(?:[^\n]*\n){0,20}?" +
        @"[ \t]*(?:def|for|if|elif|else|while|class|try|except|with|async def)\b[^\n{}]*:[ \t]*\r?$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Python();

    [GeneratedRegex(@"^\s*(?:puts [\w'""]|def \w+[ \t]*\r?$|require ['""])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Ruby();

    [GeneratedRegex(@"\A\s*[{\[]\s*(?:\{\s*)?""[^""\n]{1,100}""\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex Json();
}
