using System.Text;
using System.Text.RegularExpressions;
using Enclave.Broker.Filters;
using Enclave.JavaScript.Text;
using Enclave.Streaming;

namespace Enclave.Broker.Tests.Filters;

public sealed class GlobTests
{
    private static WorkMeter Meter => new(TimeSpan.FromMinutes(5), ThreadCpuTime.Now, CancellationToken.None);

    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("*", "", false)]
    [InlineData("*", "a/b", false)]
    [InlineData("*", ".a", false)]
    [InlineData(".*", ".a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**", "a/.b/c", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("**/c", "c", true)]
    [InlineData("**/c", "a/b/c", true)]
    [InlineData("**/c", "a/b/xc", false)]
    [InlineData("a/**/c", "a/c", true)]
    [InlineData("a/**/c", "a/b/b/c", true)]
    [InlineData("a/*/c", "a//c", false)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbcd", false)]
    [InlineData("a**c", "a/x/c", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("?a", ".a", false)]
    [InlineData("[ab]c", "bc", true)]
    [InlineData("[!ab]c", "bc", false)]
    [InlineData("[^ab]c", "dc", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "-x", false)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[abc", "[abc", true)]
    [InlineData("[/]", "/", false)]
    [InlineData("[.]a", ".a", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("{a,b}c", "bc", true)]
    [InlineData("{a,b}c", "cc", false)]
    [InlineData("{a,b{c,d}}e", "bde", true)]
    [InlineData("{,a}b", "b", true)]
    [InlineData("{a}", "{a}", true)]
    [InlineData("{a,b", "{a,b", true)]
    [InlineData("{a/*,b/**}", "b/x/y", true)]
    [InlineData("{a\\,b,c}", "a,b", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("*.txt", "a\nb.txt", true)]
    public void Globs_match_paths(string pattern, string text, bool matches) => Assert.Equal(matches, new Glob(pattern).Matches(text, Meter));

    [Fact]
    public void Globs_at_random_match_as_their_regular_expressions_do()
    {
        var random = new Random(23);
        for (int round = 0; round < 3_000; round++)
        {
            // Without dots and slashes in special positions, a glob is equivalent to a regular expression.
            var glob = new StringBuilder();
            var regex = new StringBuilder("^x");
            glob.Append('x');
            for (int part = random.Next(6); part > 0; part--)
            {
                (string one, string other) = random.Next(7) switch
                {
                    0 => ("*", "[^/]*"),
                    1 => ("**x", "(?s:.*)x"),
                    2 => ("?", "[^/]"),
                    3 => ("[a-b]", "[a-b]"),
                    4 => ("{ab,c*,}", "(?:ab|c[^/]*|)"),
                    5 => ("a", "a"),
                    _ => ("/b", "/b"),
                };
                // Two adjacent stars differ from one star followed by another.
                if (one[0] == '*' && glob[^1] == '*') continue;
                glob.Append(one);
                regex.Append(other);
            }

            regex.Append(@"\z");
            var compiled = new Glob(glob.ToString());
            for (int text = 0; text < 20; text++)
            {
                string candidate = "x" + new string([.. Enumerable.Range(0, random.Next(8)).Select((_) => "abcx/"[random.Next(5)])]);
                Assert.True(compiled.Matches(candidate, Meter) == Regex.IsMatch(candidate, regex.ToString()), $"{glob} on {candidate}");
            }
        }
    }

    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("**a**a**a**a**a**a**b")]
    [InlineData("{a,a*,a**,*a}{a,a*,a**,*a}{a,a*,a**,*a}{a,a*,a**,*a}b")]
    [InlineData("**/**/**/**/**/**/b")]
    public void A_text_costs_its_length_times_the_patterns(string pattern)
    {
        string text = string.Concat(Enumerable.Repeat("aaa/", 5_000));
        Assert.False(new Glob(pattern).Matches(text, Meter, out long work));
        Assert.InRange(work, 0, (long)text.Length * (pattern.Length * 2 + 1));
    }

    /// <summary>The glob takes 20 million steps on this text, which are far more than a millisecond.</summary>
    [Fact]
    public void A_glob_that_takes_too_long_does_not_match()
    {
        string pattern = string.Concat(Enumerable.Repeat("**a", 300)) + "**b", text = new string('a', 65_000) + "b";
        string[] ends = ["""], "regexTimeoutMs": 1 }""", "] }"];
        EventFilter[] filters = [.. ends.Select((end) => Filter.Of(
            $$"""{ "mode": "include", "rules": [{ "content": { "patterns": [{ "type": "glob", "pattern": "{{pattern}}","""
            + """ "field": "payload.chunk" }] } }""" + end))];

        Assert.False(filters[0].PassesText(text));
        Assert.True(filters[1].PassesText(new string('a', 300) + "b"));
    }

    [Fact]
    public void Deep_braces_are_a_pattern_like_any_other()
    {
        string pattern = string.Concat(Enumerable.Repeat("{a,", 300)) + "b" + new string('}', 300);
        Assert.True(new Glob(pattern).Matches("b", Meter));
        Assert.True(new Glob(pattern).Matches("a", Meter));
        Assert.False(new Glob(pattern).Matches("c", Meter));
        Assert.True(new Glob(new string('{', 1024)).Matches(new string('{', 1024), Meter));
    }
}
