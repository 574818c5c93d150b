using System.Globalization;

namespace Enclave.Isolation.Seccomp;

/// <summary>The parsed table of system calls (syscalls.x86-64.txt).</summary>
internal static class SeccompTable
{
    private const string Resource = "Enclave.Isolation.Seccomp.syscalls.x86-64.txt";

    /// <summary>Numbers from here on are x32 calls. The filter refuses them before it reads the table.</summary>
    private const int FirstX32 = 0x40000000;

    private static readonly Dictionary<string, int> s_errors = new(StringComparer.Ordinal) { ["EACCES"] = 13, ["EAGAIN"] = 11, ["ENOSYS"] = 38, ["EPERM"] = 1 };

    /// <summary>The table of this version.</summary>
    public static IReadOnlyList<SeccompRule> Rules { get; } = Load();

    /// <exception cref="FormatException">A line does not have the table's form. The message quotes it.</exception>
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
        if (words is [.., "when" or "unless", "noexec"] or [.., "when", "nursery"])
        {
            switches = words[^1] == "nursery" ? SeccompSwitch.WhenNursery : words[^2] == "when" ? SeccompSwitch.WhenNoExec : SeccompSwitch.UnlessNoExec;
            words.RemoveRange(words.Count - 2, 2);
        }

        if (words.Count < 3 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= FirstX32)
            throw Wrong(line);
        int error = 0;
        if (words[2] != "allow" && !s_errors.TryGetValue(words[2], out error)) throw Wrong(line);
        return new SeccompRule(number, words[1], error, [.. words.Skip(3).Select((word) => ParseCondition(word, line))], switches);
    }

    /// <summary>Parses aN=HEX, aN&amp;HEX=HEX, aN&lt;=HEX, aN=pid or aN+=code.</summary>
    private static ArgumentCondition ParseCondition(string word, string line)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 2 || word[0] != 'a' || word[1] is < '0' or > '5') throw Wrong(line);
        int argument = word[1] - '0';
        string how = word[2..equals], value = word[(equals + 1)..];
        if (how.Length == 0) return value == "pid"
            ? new ArgumentCondition(argument, ArgumentComparison.OwnProcess, 0)
            : new ArgumentCondition(argument, ArgumentComparison.Equal, Hex(value, line));
        if (how == "+") return argument < 5 && value == "code" ? new ArgumentCondition(argument, ArgumentComparison.InCode, 0) : throw Wrong(line);
        if (how == "<") return new ArgumentCondition(argument, ArgumentComparison.AtMost, Hex(value, line));
        if (how[0] != '&') throw Wrong(line);
        uint mask = Hex(how[1..], line), bits = Hex(value, line);
        // Bits outside of the mask can never match: no argument would pass.
        return (bits & ~mask) == 0 ? new ArgumentCondition(argument, ArgumentComparison.Masked, bits, mask) : throw Wrong(line);
    }

    /// <summary>One to eight digits, in lower case.</summary>
    private static uint Hex(string digits, string line)
    {
        foreach (char digit in digits)
        {
            if (digit is not ((>= '0' and <= '9') or (>= 'a' and <= 'f'))) throw Wrong(line);
        }

        return digits.Length <= 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw Wrong(line);
    }

    private static IReadOnlyList<SeccompRule> Load()
    {
        using Stream stream = typeof(SeccompTable).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static FormatException Wrong(string line) => new($"not a line of the system call table: {line}");
}
