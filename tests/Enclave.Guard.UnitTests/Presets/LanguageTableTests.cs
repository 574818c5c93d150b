using System.Text.RegularExpressions;
using Enclave.Guard.Options;
using Enclave.Guard.Tests.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The constructs of docs/agentscript.md run at the levels under whose headings they stand.</summary>
public sealed partial class LanguageTableTests
{
    private static readonly GuardLevel[] s_levels = [GuardLevel.Strict, GuardLevel.Secure, GuardLevel.Standard, GuardLevel.Permissive];

    private static readonly Dictionary<string, string> s_headings = new(StringComparer.Ordinal)
    {
        ["### At every level"] = "STRICT",
        ["### From SECURE"] = "SECURE",
        ["### From STANDARD"] = "STANDARD",
        ["### At PERMISSIVE only"] = "PERMISSIVE",
        ["### Never"] = "never",
    };

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            string? from = null;
            foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "agentscript.md")))
            {
                if (line.StartsWith('#')) from = s_headings.GetValueOrDefault(line);
                else if (from is not null && Construct().Match(line) is { Success: true } row)
                {
                    string warned = row.Groups["until"] is { Success: true } until ? $"{from} warned, {until.Value}" : $"{from} warned";
                    rows.Add(row.Groups["name"].Value, row.Groups["program"].Value, row.Groups["warned"].Success ? warned : from);
                }
            }

            return rows;
        }
    }

    [Fact]
    public void There_is_a_row_for_every_construct() => Assert.True(Rows.Count > 70);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_says_what_the_rules_do(string construct, string program, string runsFrom)
    {
        string actual = RunsFrom(program);

        Assert.True(actual == runsFrom, $"{construct}: {program}\n  page  {runsFrom}\n  rules {actual}\n  {Judged.Issues(program).Show()}");
    }

    /// <summary>Each level at which the verdict is another than at the stricter level before it: <c>STANDARD warned, PERMISSIVE</c>.</summary>
    private static string RunsFrom(string program)
    {
        var changes = new List<string>();
        IssueSeverity? before = IssueSeverity.Error;
        foreach (GuardLevel level in s_levels)
        {
            IssueSeverity? verdict = Verdict(program, level);
            string name = level.ToString().ToUpperInvariant();
            if (verdict != before) changes.Add(verdict is null ? name : verdict == IssueSeverity.Error ? $"{name} refused" : $"{name} warned");
            before = verdict;
        }

        return changes.Count == 0 ? "never" : string.Join(", ", changes);
    }

    /// <summary>Null if the program runs without an issue.</summary>
    private static IssueSeverity? Verdict(string program, GuardLevel level)
    {
        ImmutableArray<GuardIssue> issues = Judged.Issues(program, level);
        return issues.IsEmpty ? null : issues.Any((issue) => issue.Severity == IssueSeverity.Error) ? IssueSeverity.Error : IssueSeverity.Warning;
    }

    [GeneratedRegex("^- (?<name>.+?)(?<warned> \\(warned( below (?<until>[A-Z]+))?\\))?: `(?<program>.+?)`( → .*)?$")]
    private static partial Regex Construct();
}
