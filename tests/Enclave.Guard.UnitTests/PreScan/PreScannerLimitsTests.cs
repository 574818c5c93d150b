using Enclave.Guard.PreScan;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>Every limit, just inside and just over, at every column.</summary>
public sealed class PreScannerLimitsTests
{
    private static readonly PreScanLimits s_roomy = new()
    {
        InputBytes = int.MaxValue,
        LineLength = int.MaxValue,
        Lines = int.MaxValue,
        BracketDepth = int.MaxValue,
        ConsecutiveOperators = int.MaxValue,
        RegexMode = RegexMode.Allow,
        RegexLength = int.MaxValue,
        RegexCount = int.MaxValue,
        StringLength = int.MaxValue,
        StringTotal = int.MaxValue,
    };

    public static TheoryData<string> Columns => ["AgentScript", "Strict", "Secure", "Standard", "Permissive"];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Size_counts_utf8_bytes(string column)
    {
        int limit = Column(column).InputBytes;
        PreScanLimits limits = s_roomy with { InputBytes = limit };
        Edge("PRESCANNER_INPUT_TOO_LARGE", limits, Filled(limit), Filled(limit + 1), limit);
        Edge("PRESCANNER_INPUT_TOO_LARGE", limits, "é" + Filled(limit - 2), "é" + Filled(limit - 1), limit);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Line_length(string column)
    {
        int limit = Column(column).LineLength;
        PreScanLimits limits = s_roomy with { LineLength = limit };
        foreach (string end in new[] { "", "\n", "\r", "\r\n", "\u2028" })
        {
            Edge("PRESCANNER_LINE_TOO_LONG", limits, "a;\n" + new string('a', limit) + end, "a;\n" + new string('a', limit + 1) + end, limit);
            Edge("PRESCANNER_LINE_TOO_LONG", limits, "//" + new string('=', limit - 2) + end, "//" + new string('=', limit - 1) + end, limit);
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Lines(string column)
    {
        int limit = Column(column).Lines;
        PreScanLimits limits = s_roomy with { Lines = limit };
        foreach (string end in new[] { "\n", "\r", "\r\n" })
        {
            Edge("PRESCANNER_TOO_MANY_LINES", limits, end.Times(limit - 1), end.Times(limit), limit);
            Edge("PRESCANNER_TOO_MANY_LINES", limits, $"/*{end.Times(limit - 1)}*/", $"/*{end.Times(limit)}*/", limit);
            Edge("PRESCANNER_TOO_MANY_LINES", limits, $"`{end.Times(limit - 1)}`", $"`{end.Times(limit)}`", limit);
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Nesting(string column)
    {
        int limit = Column(column).BracketDepth;
        PreScanLimits limits = s_roomy with { BracketDepth = limit };
        foreach ((string open, string close) in new[] { ("(", ")"), ("[", "]"), ("{", "}"), ("`${", "}`"), ("f(", ")"), ("{a:[", "]}") })
        {
            int each = open.Count((c) => c is '(' or '[' or '{');
            if (limit % each != 0) continue;
            Edge("PRESCANNER_NESTING_OVERFLOW", limits, Nested(limit / each), Nested((limit / each) + 1), limit);

            string Nested(int count) => $"x = {open.Times(count)}1{close.Times(count)}";
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Consecutive_operators(string column)
    {
        int limit = Column(column).ConsecutiveOperators;
        PreScanLimits limits = s_roomy with { ConsecutiveOperators = limit };
        Edge("PRESCANNER_OPERATOR_SPAM", limits, "a " + "!".Times(limit) + "b", "a " + "!".Times(limit + 1) + "b", limit);
        Edge("PRESCANNER_OPERATOR_SPAM", limits, "a " + "- ".Times(limit) + "b", "a " + "-\n".Times(limit + 1) + "b", limit);
        Assert.Null(Scanned.Code("a" + " + b".Times(limit * 3), limits));
        Assert.Null(Scanned.Code("a" + "+(b)".Times(limit * 3), limits));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Strings_and_pieces_of_templates(string column)
    {
        PreScanLimits of = Column(column);
        PreScanLimits one = s_roomy with { StringLength = of.StringLength, LineLength = int.MaxValue };
        string long1 = Lines1000(of.StringLength);
        Edge("PRESCANNER_STRING_TOO_LONG", one, $"`{long1}`", $"`{long1}x`", of.StringLength);
        Edge("PRESCANNER_STRING_TOO_LONG", one, $"`${{a}}{long1}`", $"`${{a}}{long1}x`", of.StringLength);
        PreScanLimits all = s_roomy with { StringTotal = of.StringTotal };
        string part = $"`{Lines1000(4_096)}`;";
        string most = part.Times(of.StringTotal / 4_096);
        Edge("PRESCANNER_STRING_TOTAL", all, most, most + "'x'", of.StringTotal);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Regular_expressions(string column)
    {
        PreScanLimits of = Column(column);
        if (of.RegexMode == RegexMode.Block)
        {
            Assert.Equal("PRESCANNER_REGEX_BLOCKED", Scanned.Code("x = /a/", of));
            return;
        }

        PreScanLimits limits = s_roomy with { RegexCount = of.RegexCount, RegexLength = of.RegexLength };
        Edge("PRESCANNER_REGEX_COUNT", limits, "/a/;".Times(of.RegexCount), "/a/;".Times(of.RegexCount + 1), of.RegexCount);
        Edge("PRESCANNER_REGEX_TOO_LONG", limits, $"x = /{new string('a', of.RegexLength)}/g", $"x = /{new string('a', of.RegexLength + 1)}/g", of.RegexLength);
    }

    [Fact]
    public void Slow_patterns_are_judged_by_level()
    {
        Assert.Equal("PRESCANNER_REDOS", Scanned.Code("x = /(a+)+$/", ScanColumns.Strict));
        Assert.Equal("PRESCANNER_REDOS", Scanned.Code("x = /(a+)+$/", ScanColumns.Standard));
        Assert.Null(Scanned.Code("x = /(a+)+$/", ScanColumns.Permissive));
        Assert.Empty(PreScanner.Scan("x = /a+a+$/", ScanColumns.Strict).Issues);
        GuardIssue warning = Assert.Single(PreScanner.Scan("x = /a+a+$/", ScanColumns.Standard).Issues);
        Assert.Equal(("PRESCANNER_REDOS", IssueSeverity.Warning, 75), (warning.Code, warning.Severity, (int)warning.Data["score"]));
    }

    [Fact]
    public void Nul_is_refused_anywhere()
    {
        string[] sources = ["\0", "a\0", "'\0'", "`\0`", "// \0", "/* \0 */", "/\0/"];
        Assert.All(sources, (source) => Assert.Equal("PRESCANNER_NULL_BYTE", Scanned.Code(source, ScanColumns.Permissive)));
        Assert.Null(Scanned.Code("x = '\\0'"));
    }

    [Fact]
    public void An_empty_text_is_no_offence()
    {
        PreScanResult result = PreScanner.Scan("", ScanColumns.AgentScript);
        Assert.Null(result.Fatal);
        Assert.Empty(result.Issues);
        Assert.Equal(new PreScanStats(0, 1, 0, 0, 0, 0, 0), result.Stats);
    }

    [Fact]
    public void An_issue_says_where_and_what_to_do()
    {
        GuardIssue issue = PreScanner.Scan("let a = 1\r\nlet b =\n  ((((((1))))))", ScanColumns.AgentScript with { BracketDepth = 3 }).Fatal!;
        Assert.Equal(new SourceLocation(24, 1, 3, 5, 3, 6), issue.Location);
        Assert.Equal("pre-scan", issue.Rule);
        Assert.Equal("Brackets are nested 4 deep; the limit is 3.", issue.Message);
        Assert.False(string.IsNullOrEmpty(issue.Hint));
    }

    [Fact]
    public void A_scan_says_what_it_measured()
    {
        PreScanResult result = PreScanner.Scan("const é = [`a${(1)}b`, 'cd', /x/g]\nreturn é", ScanColumns.Standard);
        Assert.Equal(new PreScanStats(45, 2, 34, 3, 1, 4, 0), result.Stats);
        Assert.Equal([new ScannedRegex("x", "g", 29)], result.Regexes);
    }

    private static void Edge(string code, PreScanLimits limits, string inside, string over, int limit)
    {
        Assert.Null(PreScanner.Scan(inside, limits).Fatal);
        GuardIssue issue = PreScanner.Scan(over, limits).Fatal!;
        Assert.Equal(code, issue?.Code);
        Assert.Equal((long)limit, issue!.Data["limit"]);
        // One above the limit. For nesting, a unit may open two brackets.
        Assert.InRange((long)issue.Data["actual"], limit + 1, limit + 2);
        Assert.NotNull(issue.Location);
        Assert.NotNull(issue.Hint);
    }

    private static PreScanLimits Column(string name) => ScanColumns.Of(name);

    // Lines of 100 units, so that only the size limit is reached.
    private static string Filled(int bytes) => (new string('a', 99) + "\n").Times(bytes / 100) + new string('a', bytes % 100);

    private static string Lines1000(int length) => (new string('a', 999) + "\n").Times(length / 1000) + new string('a', length % 1000);
}
