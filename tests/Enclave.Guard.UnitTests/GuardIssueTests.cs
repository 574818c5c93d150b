using Enclave.Guard.Options;

namespace Enclave.Guard.Tests;

public sealed class GuardIssueTests
{
    private const int MaxText = 1_000;

    private static readonly string s_long = new('x', 4_500);

    [Fact]
    public void An_issue_has_no_data_unless_it_is_given() => Assert.Empty(new GuardIssue("no-eval", "NO_EVAL", "eval", IssueSeverity.Error).Data);

    [Theory]
    [InlineData("Standard", "return #")]
    [InlineData("Standard", "return await callTool('#', {})")]
    [InlineData("Standard", "const n = '#'; return await callTool(n, {})")]
    [InlineData("Secure", "class # extends Error { }")]
    [InlineData("Secure", "function #() { }")]
    [InlineData("Standard", "const # = 1;\nconst # = 2")]
    [InlineData("Standard", "const __ag_# = 1")]
    [InlineData("Standard", "const o = {}; o.__ag_# = 1")]
    [InlineData("Standard", "const о# = 1")]
    [InlineData("Permissive", "return #")]
    [InlineData("Permissive", "const __ag_# = 1")]
    public void No_issue_repeats_a_long_name(string level, string code)
    {
        var options = new GuardOptions { AllowedToolNames = ["known"], ReservedPrefixes = ["__ag_"] };
        var guard = new ScriptGuard(new GuardSettings { Level = Enum.Parse<GuardLevel>(level), Options = options });

        ValidationResult result = guard.Validate(code.Replace("#", s_long, StringComparison.Ordinal), []);

        Assert.NotEmpty(result.Issues);
        Assert.DoesNotContain(result.Issues, (issue) => issue.Code == "PRESCANNER_LINE_TOO_LONG");
        Assert.All(result.Issues.SelectMany(Texts), (text) => Assert.InRange(text.Length, 0, MaxText));
    }

    [Fact]
    public void A_message_without_its_middle_still_says_what_is_wrong()
    {
        GuardIssue issue = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Validate($"return {s_long}", []).Issues[0];

        Assert.StartsWith("'xxx", issue.Message, StringComparison.Ordinal);
        Assert.EndsWith("xxx' is not defined", issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public void A_cut_leaves_no_half_of_a_character(string first)
    {
        string message = new GuardIssue("r", "C", first + string.Concat(Enumerable.Repeat("😀", 2_000)), IssueSeverity.Error).Message;

        Assert.InRange(message.Length, MaxText - 3, MaxText);
        Assert.DoesNotContain('\ufffd', string.Concat(message.EnumerateRunes()));
    }

    private static IEnumerable<string> Texts(GuardIssue issue) => [issue.Message, issue.Hint ?? "", .. issue.Data.Values.OfType<string>()];
}
