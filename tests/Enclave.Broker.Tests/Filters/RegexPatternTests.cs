using Enclave.Broker.Filters;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Filters;

/// <summary>Regular expressions either match as in JavaScript, or never match.</summary>
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
    [InlineData(@"\bx\b", "éxé", true)]
    [InlineData(@"\Bx", "ax", true)]
    [InlineData(@"\Bx", "x", false)]
    [InlineData("^(a|b|)c$", "c", true)]
    [InlineData("^(a*)*$", "aaaa", true)]
    [InlineData("^(|a)+$", "aab", false)]
    [InlineData("^a{3}$", "aa", false)]
    [InlineData("^a{2,}$", "aaaaa", true)]
    [InlineData("^(?:ab?){1,2}c$", "abac", true)]
    [InlineData("^a{b}$", "a{b}", true)]
    [InlineData(@"^\012$", "\n", true)]
    [InlineData(@"^[\1]$", "\u0001", true)]
    [InlineData(@"^\c1$", "\\c1", true)]
    [InlineData("^[a-]+$", "-a", true)]
    [InlineData("^[^a-z]$", "A", true)]
    [InlineData("x|^$", "", true)]
    [InlineData("a$|b", "ab", true)]
    [InlineData("^(?=.*1)(?!.*c).{3}$", "ab1", true)]
    [InlineData("^(?=.*1)(?!.*c).{3}$", "ac1", false)]
    [InlineData("(?<=a)b", "ab", true)]
    [InlineData("(?<!a)b", "ab", false)]
    public void Patterns_mean_what_they_mean_in_JavaScript(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Filter.Pattern("regex", pattern).PassesText(text));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("a\\")]
    [InlineData("[\\")]
    [InlineData("*")]
    [InlineData("a**")]
    [InlineData("(?<=b)?a")]
    [InlineData("(?i)a")]
    [InlineData("(?>a)")]
    [InlineData("(?#x)a")]
    [InlineData("(?")]
    [InlineData("(?<")]
    [InlineData("(?<>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<n>a)\k<n>")]
    [InlineData("a{2,1}")]
    [InlineData("[b-a]")]
    [InlineData("^*")]
    [InlineData("{2}")]
    public void An_expression_that_is_invalid_or_refers_to_groups_never_matches(string pattern) =>
        Assert.False(Filter.Pattern("regex", pattern).PassesText("aaa"));

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

    [Theory]
    [InlineData("((((a{0,99}){0,99}){0,99}){0,99})")]
    [InlineData("a{1025}")]
    [InlineData("(((((){9999}){9999}){9999}){9999}){9999}")]
    [InlineData("a{99999999999999999999}")]
    public void An_expression_with_too_many_steps_is_refused(string pattern) =>
        Assert.Contains("1024 steps", Filter.Problem(System.Text.Json.JsonSerializer.Serialize(
            new { rules = new[] { new { content = new { patterns = new[] { new { type = "regex", pattern } } } } } })), StringComparison.Ordinal);

    [Fact]
    public void All_expressions_of_a_filter_share_their_steps()
    {
        var pattern = new { type = "regex", pattern = "a{400}" };
        Assert.Contains("patterns.2.pattern", Filter.Problem(System.Text.Json.JsonSerializer.Serialize(
            new { rules = new[] { new { content = new { patterns = new[] { pattern, pattern, pattern } } } } })), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_engines_agree_where_they_mean_the_same()
    {
        string[] atoms = ["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(ab|)", @"\d", @"\w", "a*", "b+", "(a?b){1,3}", "^", "$"];
        var random = new Random(11);
        for (int round = 0; round < TestSize.Of(3_000, 100_000); round++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select((_) => atoms[random.Next(atoms.Length)]));
            string text = new([.. Enumerable.Range(0, random.Next(8)).Select((_) => "ab1"[random.Next(3)])]);
            bool expected = System.Text.RegularExpressions.Regex.IsMatch(text, pattern.Replace("$", @"\z", StringComparison.Ordinal));
            Assert.True(expected == Filter.Pattern("regex", pattern).PassesText(text), $"{pattern} on {text}");
        }
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
