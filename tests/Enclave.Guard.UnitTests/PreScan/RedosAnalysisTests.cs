using Enclave.Guard.PreScan;

namespace Enclave.Guard.Tests.PreScan;

public sealed class RedosAnalysisTests
{
    [Theory]
    [InlineData("(a+)+$", 90)]
    [InlineData("^(a*)*$", 90)]
    [InlineData("(x+x+)+y", 90)]
    [InlineData("(.*)*", 95)]
    [InlineData("(.+)+x", 95)]
    [InlineData("([^>]*)*(>|\\/>)", 95)]
    [InlineData("^(([a-z]+:\\/\\/)?([a-zA-Z0-9.-]+)(\\/[a-zA-Z0-9.-]*)*)*$", 90)]
    [InlineData("^([a-z]+-?)+$", 90)]
    [InlineData("^(\\w+\\s?)*$", 90)]
    [InlineData("^\\w+([.-]?\\w+)*@\\w+([.-]?\\w+)*(\\.\\w{2,3})+$", 90)]
    [InlineData("(?:[a-z.]+\\.)+", 90)]
    [InlineData("(?<name>(?:a+))+", 90)]
    [InlineData("(a{2,5})*", 85)]
    [InlineData("(aa?)*b", 85)]
    [InlineData("(a?b?)*c", 85)]
    [InlineData("(a+){10}", 85)]
    [InlineData("(a|a)+$", 80)]
    [InlineData("(a|aa)+$", 80)]
    [InlineData("(\\w|\\d)+$", 80)]
    [InlineData("(ab|a[bc])*d", 80)]
    [InlineData("(\\r\\n|\\r|\\n)+x", 80)]
    [InlineData("((a|a)b)*c", 80)]
    [InlineData("(.|\\s)*x", 80)]
    public void Catastrophic(string pattern, int score)
    {
        RedosFinding? finding = RedosAnalysis.Analyze(pattern, "", RedosScope.Catastrophic);
        Assert.Equal(score, finding?.Score);
        Assert.NotEmpty(finding!.Value.Reason);
    }

    [Theory]
    [InlineData("^\\d+$")]
    [InlineData("(\\w+\\s?)")]
    [InlineData("(?:\\d{3}-){2}\\d{4}")]
    [InlineData("^([a-z]+)-(\\d{2,4})$")]
    [InlineData("^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?Z?)?$")]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData("^(?:\\d{1,3}\\.){3}\\d{1,3}$")]
    [InlineData("^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)$")]
    [InlineData("^(\\d+)(,\\d{3})*(\\.\\d+)?$")]
    [InlineData("\"(?:[^\"\\\\]|\\\\.)*\"")]
    [InlineData("^\\s+|\\s+$")]
    [InlineData("(?:[a-z0-9]+-)*[a-z0-9]+$")]
    [InlineData("([A-Z][a-z]+ )+")]
    [InlineData("(foo|bar|foobar)+")]
    [InlineData("(cat|car)*")]
    [InlineData("#([0-9a-f]{3}|[0-9a-f]{6})\\b")]
    [InlineData("(\\d{4}-?)*")]
    [InlineData("(a?)*")]
    [InlineData("[[(+*]+\\)\\]")]
    [InlineData("(?=a+)+b")]
    [InlineData("")]
    public void Safe(string pattern) => Assert.Null(RedosAnalysis.Analyze(pattern, "", RedosScope.Polynomial));

    [Theory]
    [InlineData("\\d+\\d+$", 75)]
    [InlineData("^\\s*(\\S.*)\\s*$", 75)]
    [InlineData("(a+)(a+)", 75)]
    [InlineData(".*a.*b", 70)]
    [InlineData("^[\\w.-]+@[\\w.-]+\\.\\w+$", 50)]
    public void Polynomial_is_a_warning_where_it_is_looked_for(string pattern, int score)
    {
        Assert.Equal(score, RedosAnalysis.Analyze(pattern, "", RedosScope.Polynomial)?.Score);
        Assert.Null(RedosAnalysis.Analyze(pattern, "", RedosScope.Catastrophic));
    }

    [Fact]
    public void Case_matters_unless_it_is_ignored()
    {
        Assert.Null(RedosAnalysis.Analyze("(a|A)+", "", RedosScope.Catastrophic));
        Assert.Equal(80, RedosAnalysis.Analyze("(a|A)+", "gi", RedosScope.Catastrophic)?.Score);
    }

    [Fact]
    public void A_pattern_that_is_not_analysed_does_not_pass_as_harmless()
    {
        Assert.Equal(RedosShape.NotAnalysed, RedosAnalysis.Analyze(new string('a', 1_001), "", RedosScope.Catastrophic)?.Shape);
        Assert.Equal(RedosShape.NotAnalysed, RedosAnalysis.Analyze("(".Times(60), "", RedosScope.Catastrophic)?.Shape);
    }

    [Fact]
    public void No_pattern_makes_it_throw()
    {
        Random random = new(5);
        string[] pieces = ["(", ")", "[", "]", "{", "}", "2", ",", "*", "+", "?", "|", "\\", "a", "^", "-",
            "\\u{", "\\x4", "(?<", "(?=", "(?<!", ">", ":", ".", "\\k<", "\\p{", "\uD800", "é"];
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(25)).Select((_) => pieces[random.Next(pieces.Length)]));
            _ = RedosAnalysis.Analyze(pattern, i % 2 == 0 ? "" : "iv", RedosScope.Polynomial);
        }
    }
}
