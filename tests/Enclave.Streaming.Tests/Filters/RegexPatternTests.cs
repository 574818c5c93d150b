using Enclave.Tests;

namespace Enclave.Streaming.Tests.Filters;

/// <summary>Regular expressions mean what they mean in JavaScript, or never match.</summary>
public sealed class RegexPatternTests
{
    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("a.b", "a\rb", false)]
    [InlineData("a.b", "a\u2028b", false)]
    [InlineData("a.b", "axb", true)]
    [InlineData("a.b", "a\u0085b", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\d$", "3", true)]
    [InlineData(@"^\D$", "٣", true)]
    [InlineData(@"^\w+$", "aZ_9", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\s$", "\ufeff", true)]
    [InlineData(@"^\s$", "\u0085", false)]
    [InlineData(@"^\S$", "\u0085", true)]
    [InlineData(@"^[\d-z]$", "-", true)]
    [InlineData(@"^[\w-~]$", "}", false)]
    [InlineData(@"^[a-\d]$", "-", true)]
    [InlineData(@"^[^\d\s]$", "x", true)]
    [InlineData(@"^[^\d\s]$", "7", false)]
    [InlineData(@"^[a-z-[aeiou]]$", "b", false)]
    [InlineData(@"^[a-z-[aeiou]]$", "b]", true)]
    [InlineData("^[]$", "a", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData(@"^[\b]$", "\b", true)]
    [InlineData(@"^[\]\\^]+$", "]\\^", true)]
    [InlineData(@"\/\-\_\#\é\ ", "/-_#é ", true)]
    [InlineData(@"^\A$", "A", true)]
    [InlineData(@"^\p{L}$", "p{L}", true)]
    [InlineData(@"^\x41\u0042\cJ\0$", "AB\n\0", true)]
    [InlineData(@"^\x4$", "x4", true)]
    [InlineData(@"^\u{61}$", "a", false)]
    [InlineData("(?<year>[0-9]{4})", "in 2026", true)]
    [InlineData("(?:a|b)+?c", "abc", true)]
    [InlineData("a{2,3}", "aa", true)]
    [InlineData("^a{,2}$", "a{,2}", true)]
    [InlineData(@"\bx\b", "a x b", true)]
    public void Patterns_mean_what_they_mean_in_JavaScript(string pattern, string text, bool matches) => Assert.Equal(matches, Filter.Pattern("regex", pattern).PassesText(text));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("a\\")]
    [InlineData("[\\")]
    [InlineData("*")]
    [InlineData("a**")]
    [InlineData("(?=a)a")]
    [InlineData("(?!b)a")]
    [InlineData("(?<=b)?a")]
    [InlineData("(?<!b)a")]
    [InlineData("(?i)a")]
    [InlineData("(?>a)")]
    [InlineData("(?#x)a")]
    [InlineData("(?")]
    [InlineData("(?<")]
    [InlineData("(?<>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<n>a)\k<n>")]
    [InlineData("((((a{0,99}){0,99}){0,99}){0,99})")]
    public void What_is_no_pattern_or_needs_backtracking_never_matches(string pattern) => Assert.False(Filter.Pattern("regex", pattern).PassesText("aaa"));

    [Fact]
    public void Case_is_ignored_on_both_sides_when_asked()
    {
        Assert.True(Filter.Pattern("regex", "^WORLD$", caseInsensitive: true).PassesText("WorlD"));
        Assert.True(Filter.Pattern("glob", "W*D", caseInsensitive: true).PassesText("world"));
        Assert.False(Filter.Pattern("glob", "W*D").PassesText("world"));
    }

    [Fact]
    public void The_text_of_a_regular_expression_is_bounded_before_it_runs()
    {
        EventFilter filter = Filter.Pattern("regex", "(x+x+)+y");
        Assert.False(filter.PassesText(new string('x', 10_000)));
        Assert.False(filter.PassesText(new string('x', 10_000) + "y"));
        Assert.True(filter.PassesText(new string('x', 9_999) + "y"));
    }

    [Fact]
    public void Patterns_at_random_are_matched_or_never_match()
    {
        const string alphabet = @"ab01^$.|?*+()[]{}\-,:<>!=dDwWsSbBxukpc ";
        var random = new Random(31);
        for (int round = 0; round < TestSize.Of(1_000, 50_000); round++)
        {
            string pattern = new([.. Enumerable.Range(0, random.Next(12)).Select((_) => alphabet[random.Next(alphabet.Length)])]);
            Filter.Pattern("regex", pattern).PassesText("ab01 {}");
        }
    }
}
