namespace Enclave.Guard.Tests.Rules;

/// <summary>Each rule's refusals and acceptances: rules/*.txt, one program a line.</summary>
public sealed class RuleTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RuleTable.Folder, "*.txt").Select((file) => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Programs_get_the_verdict_beside_them(string file)
    {
        List<string> wrong = [];
        foreach (RuleTable.Row row in RuleTable.Read(file))
        {
            ImmutableArray<GuardIssue> issues = Judged.Issues(row.Code, row.Level, row.Preset);
            string verdict = RuleTable.Verdict(issues, row.Expected);
            if (verdict != row.Expected) wrong.Add($"line {row.Line}: {row.Code}\n    expected {row.Expected}\n    got      {verdict}: {issues.Show()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
