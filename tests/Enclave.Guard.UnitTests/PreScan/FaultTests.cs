using Enclave.Guard.PreScan;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>Programs that similar scanners are known to misjudge.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Columns => ["AgentScript", "Strict", "Secure", "Standard", "Permissive"];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Two_hundred_holes_are_no_nesting(string column)
    {
        PreScanResult result = PreScanner.Scan("x = `" + "${a}\n".Times(200) + "`; y = [(1)]", Column(column));
        Assert.Null(result.Fatal);
        Assert.Equal(2, result.Stats.BracketDepth);
    }

    [Fact]
    public void Nesting_is_counted_behind_a_template() =>
        Assert.Equal("PRESCANNER_NESTING_OVERFLOW", Scanned.Code("x = `${a}`; " + "(".Times(60) + ")".Times(60)));

    [Fact]
    public void Templates_nest_in_holes()
    {
        Assert.Equal(4, Scanned.Depth("`a${`b${`c${[1]}`}`}` + (2)"));
        Assert.Equal(2, Scanned.Depth("`${{}}` + `${'}'}` + `\\${(` + `$` + `$${1}`"));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_banner_is_no_operator(string column) =>
        Assert.Null(Scanned.Code("// " + "=".Times(80) + "\n/* " + "*".Times(80) + " */\nx = '" + "-".Times(80) + "'", Column(column)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void Strings_and_comments_are_in_any_language(string column) => Assert.Empty(PreScanner.Scan(
        "// Привет, καλημέρα\n"
            + "return ['Привет, мир', \"Καλημέρα κόσμε\", `你好 ${1} مرحبا بالعالم\u200F`, 'שלום\u200E', '👩\u200D💻', '\uFEFF', 'ｅｖａｌ еval']",
        Column(column)).Issues);

    [Theory]
    [MemberData(nameof(Columns))]
    public void Names_are_in_any_language(string column) =>
        Assert.Null(Scanned.Code("const имя = 1, όνομα = 2, 名前 = 3, اسم = 4, Δx = 5, naïve = 6, straße = 7; return имя", Column(column)));

    [Fact]
    public void A_comment_counts_toward_the_size()
    {
        string comment = "/*" + (new string('x', 999) + "\n").Times(12 * 1024 * 1024 / 1000) + "*/";
        Assert.Equal("PRESCANNER_INPUT_TOO_LARGE", Scanned.Code(comment));
        Assert.Equal("PRESCANNER_INPUT_TOO_LARGE", Scanned.Code(comment, ScanColumns.Permissive));
    }

    [Fact]
    public void Redundant_parentheses_count() =>
        Assert.Equal("PRESCANNER_NESTING_OVERFLOW", Scanned.Code("return " + "(".Times(45) + "1" + ")".Times(45), ScanColumns.Strict));

    [Theory]
    [InlineData("// \u202E } if (admin)")]
    [InlineData("x = '\u2066'")]
    [InlineData("`\u2069`")]
    [InlineData("a\u202Ab")]
    public void Reordered_text_is_refused_where_it_is_looked_for(string source)
    {
        Assert.Equal("PRESCANNER_BIDI_ATTACK", Scanned.Code(source, ScanColumns.AgentScript));
        Assert.Equal("PRESCANNER_BIDI_ATTACK", Scanned.Code(source, ScanColumns.Strict));
        Assert.Equal("PRESCANNER_BIDI_ATTACK", Scanned.Code(source, ScanColumns.Secure));
        Assert.Null(Scanned.Code(source, ScanColumns.Standard));
    }

    [Fact]
    public void Up_to_three_invisible_characters_in_code_are_a_warning()
    {
        PreScanResult three = PreScanner.Scan("\uFEFFa\u200Bb;\u00AD\nc\uFEFF", ScanColumns.Strict);
        Assert.Null(three.Fatal);
        Assert.Equal([2, 5, 8], three.Issues.Select((issue) => issue.Location!.Value.Offset));
        Assert.All(three.Issues, (issue) => Assert.Equal(("PRESCANNER_UNICODE_SUSPICIOUS", IssueSeverity.Warning), (issue.Code, issue.Severity)));
        Assert.Equal("U+200B", three.Issues[0].Data["character"]);
        Assert.Equal(3, three.Stats.UnicodeIssues);
        Assert.Equal("PRESCANNER_UNICODE_SUSPICIOUS", Scanned.Code("a\u200Cb\u200Dc\u034Fd\u3164", ScanColumns.Strict));
        Assert.Empty(PreScanner.Scan("a\u200Bb", ScanColumns.Secure).Issues);
    }

    [Fact]
    public void Blocked_is_said_where_blocked_is_meant() =>
        Assert.Equal("PRESCANNER_REGEX_BLOCKED", Scanned.Code("'a'.match(/a/)", ScanColumns.Standard.WithoutRegexes()));

    [Fact]
    public void The_scan_stops_at_the_first_fatal_issue()
    {
        PreScanResult result = PreScanner.Scan("x = /(a+)+/; y = еval; " + "(".Times(99), ScanColumns.Standard);
        Assert.Equal("PRESCANNER_REDOS", Assert.Single(result.Issues).Code);
        Assert.Same(result.Fatal, result.Issues[0]);
    }

    private static PreScanLimits Column(string name) => ScanColumns.Of(name);
}
