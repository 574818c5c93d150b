using Enclave.Guard.Options;
using Enclave.Guard.Tests.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The tables of docs/agentscript.md match the rules.</summary>
public sealed class LanguageTableTests
{
    private static readonly GuardLevel[] s_levels = [GuardLevel.Strict, GuardLevel.Secure, GuardLevel.Standard, GuardLevel.Permissive];

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "agentscript.md")))
            {
                string[] cells = line.Replace("\\|", "\u0001", StringComparison.Ordinal).Split(" | ");
                if (cells.Length != 7 || !cells[1].StartsWith('`')) continue;
                rows.Add(cells[0][2..], cells[1][1..^1].Replace('\u0001', '|'), string.Join(' ', cells[2..6]));
            }

            return rows;
        }
    }

    [Fact]
    public void There_is_a_row_for_every_construct() => Assert.True(Rows.Count > 70);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_says_what_the_rules_do(string construct, string program, string verdicts)
    {
        string actual = string.Join(' ', s_levels.Select((level) => Verdict(program, level)));

        Assert.True(actual == verdicts, $"{construct}: {program}\n  page  {verdicts}\n  rules {actual}\n  {Judged.Issues(program).Show()}");
    }

    private static string Verdict(string program, GuardLevel level)
    {
        ImmutableArray<GuardIssue> issues = Judged.Issues(program, level);
        return issues.IsEmpty ? "+" : issues.Any((issue) => issue.Severity == IssueSeverity.Error) ? "–" : "!";
    }
}
