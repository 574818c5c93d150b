using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Completion;

/// <summary>
/// Answers a shell's request for completions: <c>enclave [suggest:14] "enclave run --l"</c>, in the form of System.CommandLine's own directive.
/// </summary>
internal static partial class Suggestions
{
    /// <summary>Writes one suggestion per line.</summary>
    /// <returns>True if the arguments were such a request.</returns>
    public static bool TryWrite(string[] args, Command root, ParserConfiguration parsing, Channel output)
    {
        if (args is not [var directive, ..] || Directive().Match(directive) is not { Success: true } match) return false;
        string line = args.Length > 1 ? args[1] : "";
        int at =
            match.Groups["at"].Value is { Length: > 0 and < 10 } digits ? Math.Min(int.Parse(digits, CultureInfo.InvariantCulture), line.Length) : line.Length;
        // Words after the cursor do not matter.
        line = line[..at];
        // A value after an equals sign is a word of its own; suggestions repeat the part before it.
        Match joined = Joined().Match(line);
        string before = joined.Success ? $"{joined.Groups["option"].Value}=" : "";
        if (joined.Success) line = $"{line[..joined.Groups["option"].Index]}{joined.Groups["option"].Value} {joined.Groups["value"].Value}";
        foreach (string word in root.Parse(line, parsing).GetCompletions(line.Length).Select((word) => word.Label).Distinct(StringComparer.Ordinal))
            output.WriteLine(before + word);
        return true;
    }

    [GeneratedRegex(@"(?:^|\s)(?<option>--[a-z-]+)=(?<value>\S*)\z", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Joined();

    [GeneratedRegex("^\\[suggest(?::(?<at>[0-9]+))?\\]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
