using Enclave.Guard.Options;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

/// <summary>
/// Tables of programs. A line is <c>verdict | program</c>; <c>¶</c> is a line end. The verdict is <c>ok</c> (no error),
/// <c>clean</c> (no issue at all), <c>CODE</c> or <c>CODE line:column</c>. Several verdicts, separated by commas, must all be there.
/// A line <c>@ preset level</c> sets preset and level for the next lines.
/// </summary>
internal static class RuleTable
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Rules", "tables");

    public static IEnumerable<Row> Read(string file)
    {
        (GuardPreset preset, GuardLevel level) = (GuardPreset.AgentScript, GuardLevel.Standard);
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(Folder, $"{file}.txt")))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '@')
            {
                string[] words = line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                (preset, level) = (Enum.Parse<GuardPreset>(words[0], ignoreCase: true), Enum.Parse<GuardLevel>(words[1], ignoreCase: true));
                continue;
            }

            string[] parts = line.Split(" | ", 2);
            yield return new Row(number, parts[1].Replace('¶', '\n'), parts[0].Trim(), preset, level);
        }
    }

    /// <summary>The actual verdict, written like an expectation: equal to the expected one if it is met.</summary>
    public static string Verdict(ImmutableArray<GuardIssue> issues, string expected)
    {
        string[] errors = issues.Errors();
        if (expected == "clean") return issues.IsEmpty ? expected : "issues";
        if (expected == "ok") return errors.Length == 0 ? expected : string.Join(',', errors);
        IEnumerable<string> all = issues.SelectMany((issue) => new[] { issue.Code, $"{issue.Code} {issue.Location?.Line}:{issue.Location?.Column}" });
        return expected.Split(',').All((one) => all.Contains(one.Trim())) ? expected : errors.Length == 0 ? "ok" : string.Join(',', errors);
    }

    internal sealed record Row(int Line, string Code, string Expected, GuardPreset Preset, GuardLevel Level);
}
