using System.Globalization;
using System.Text.RegularExpressions;

namespace Enclave.Isolation.Seccomp;

/// <summary>The table of system calls (syscalls.x86-64.txt), read.</summary>
internal static partial class SeccompTable
{
    private const string Resource = "Enclave.Isolation.Seccomp.syscalls.x86-64.txt";

    /// <summary>From here on numbers are x32 calls, which the filter refuses before it looks at the table.</summary>
    private const int FirstX32 = 0x40000000;

    private static readonly Dictionary<string, int> s_errors = new(StringComparer.Ordinal) { ["EACCES"] = 13, ["EAGAIN"] = 11, ["ENOSYS"] = 38, ["EPERM"] = 1 };

    /// <summary>The table of this version.</summary>
    public static IReadOnlyList<SeccompRule> Rules { get; } = Load();

    /// <exception cref="FormatException">A line is not one of the table's form; the message quotes it.</exception>
    public static IReadOnlyList<SeccompRule> Parse(string text)
    {
        var rules = new List<SeccompRule>();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Split('#')[0].Trim();
            if (line.Length > 0) rules.Add(ParseLine(line));
        }

        return rules;
    }

    private static SeccompRule ParseLine(string line)
    {
        List<string> words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var switches = SeccompSwitch.Always;
        if (words is [.., "when" or "unless", "noexec"])
        {
            switches = words[^2] == "when" ? SeccompSwitch.WhenNoExec : SeccompSwitch.UnlessNoExec;
            words.RemoveRange(words.Count - 2, 2);
        }

        if (words.Count < 3 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= FirstX32) throw Wrong(line);
        int error = 0;
        if (words[2] != "allow" && !s_errors.TryGetValue(words[2], out error)) throw Wrong(line);
        return new SeccompRule(number, words[1], error, [.. words.Skip(3).Select((word) => ParseCondition(word, line))], switches);
    }

    private static ArgumentCondition ParseCondition(string word, string line)
    {
        Match match = ConditionForm().Match(word);
        if (!match.Success) throw Wrong(line);
        int argument = match.Groups["argument"].Value[0] - '0';
        if (match.Groups["pid"].Success) return new ArgumentCondition(argument, ArgumentComparison.OwnProcess, 0);
        ulong value = Hex(match.Groups["value"].Value);
        if (!match.Groups["mask"].Success) return new ArgumentCondition(argument, match.Groups["most"].Success ? ArgumentComparison.AtMost : ArgumentComparison.Equal, value);
        ulong mask = Hex(match.Groups["mask"].Value);
        // Bits that are masked out can never be there: no argument would pass.
        return (value & ~mask) == 0 ? new ArgumentCondition(argument, ArgumentComparison.Masked, value, (uint)mask) : throw Wrong(line);
    }

    private static ulong Hex(string digits) => ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static IReadOnlyList<SeccompRule> Load()
    {
        using Stream stream = typeof(SeccompTable).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static FormatException Wrong(string line) => new($"not a line of the system call table: {line}");

    [GeneratedRegex("^a(?<argument>[0-5])(?:(?<pid>=pid)|(?:(?:&(?<mask>[0-9a-f]{1,8}))?=|(?<most><=))(?<value>[0-9a-f]{1,8}))$")]
    private static partial Regex ConditionForm();
}
