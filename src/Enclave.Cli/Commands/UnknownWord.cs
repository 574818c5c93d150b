using System.CommandLine;
using Enclave.Guard.Rules;

namespace Enclave.Cli.Commands;

/// <summary>The message for an unknown command or option, with the one that was probably meant.</summary>
internal static class UnknownWord
{
    private const int MaxCharacters = 100;

    public static string Option(string word, Command command)
    {
        string name = word.Split('=', 2)[0];
        // There are no options of one letter, so a single dash is treated as two.
        string? near = Nearest($"--{name.TrimStart('-')}", command.Options.Select((option) => option.Name));
        string file = command.Arguments.Any() ? $" A file of that name is ./{Cut(word)}." : "";
        return $"{CommandName(command)} has no option {Cut(name)}.{(near is null ? "" : $" Did you mean {near}?")}{file}";
    }

    public static string Command(string word, Command root) =>
        $"there is no command {Cut(word)}." +
            (Nearest(word, root.Subcommands.Where((command) => !command.Hidden).Select((command) => command.Name)) is { } near ? $" Did you mean {near}?" : "");

    public static string CommandName(Command command) => command.Parents.Any() ? $"enclave {command.Name}" : command.Name;

    /// <summary>The name with the fewest typing errors, or the only one that begins with the word.</summary>
    private static string? Nearest(string word, IEnumerable<string> known)
    {
        string[] names = [.. known];
        if (NameHints.Nearest(word.ToLowerInvariant(), names) is { } near) return near;
        string[] longer = [.. names.Where((name) => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        return longer.Length == 1 ? longer[0] : null;
    }

    private static string Cut(string word) => word.Length > MaxCharacters ? word[..MaxCharacters] : word;
}
