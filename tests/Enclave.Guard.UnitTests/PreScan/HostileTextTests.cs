using Enclave.Guard.PreScan;
using Enclave.Tests;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>Long texts that are not programs.</summary>
public sealed class HostileTextTests
{
    private const int BytesForEachUnit = 4;
    private static readonly int s_units = TestSize.Of(250_000, 1_000_000);

    private static readonly PreScanLimits s_widest = new()
    {
        InputBytes = int.MaxValue,
        LineLength = int.MaxValue,
        Lines = int.MaxValue,
        BracketDepth = int.MaxValue,
        ConsecutiveOperators = int.MaxValue,
        RegexMode = RegexMode.Analyze,
        RegexLength = int.MaxValue,
        RegexCount = int.MaxValue,
        StringLength = int.MaxValue,
        StringTotal = int.MaxValue,
        Invisible = TextCheck.On,
        Bidi = TextCheck.On,
    };

    public static TheoryData<string> Pieces =>
    [
        "`", "${", "`${", "}", "\"", "'", "/", "/[", "\\", "\\u{", "\\u{0", "(", ")", "(]", "{", "[", "\0", "\uD800", "\uDC00", "\u202E", "\u200B",
        "\n", "\r", "\u2028", "*", "/*",
        "*/", "<!--", "-->", "=", "=>", "a ", "await /", "await /[",
        "await /' ", "a/", "?", ":", "#", "@", "е", "еa", "𝐞", "1e", "0x", ".", "...", "function ", "class ", "class{", "/a/ ",
        "/(a+)+/;", "x=/a+a+/;", "\uFEFF", "if(a)/b/;", "\u00A0", "\t", "\u0000\u0001", "\\\n", "'\\\n", "`\r", "/\\",
    ];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Are_answered(string piece)
    {
        string source = piece.Times(s_units / piece.Length);
        foreach (string text in new[] { source, "x = `" + source, "/*" + source, "x = /" + source, "a\n" + source })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            PreScanResult result = PreScanner.Scan(text, s_widest);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < s_units * BytesForEachUnit, $"{allocated} bytes");
            Assert.Equal(result.Fatal is not null, result.Issues.Any((issue) => issue.Severity == IssueSeverity.Error));
        }
    }

    [Fact]
    public void Random_texts_are_answered()
    {
        Random random = new(3);
        string alphabet = "`${}()[]/\\'\"*\n\r\u2028 ae=+-<>!#?.:;1\0\uD835\uDC1Eе\u200B\u202E";
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select((_) => alphabet[random.Next(alphabet.Length)]));
            PreScanResult result = PreScanner.Scan(text, i % 2 == 0 ? s_widest : ScanColumns.AgentScript);
            Assert.All(result.Issues, (issue) => Assert.InRange(issue.Location!.Value.Offset + issue.Location.Value.Length, 0, text.Length));
        }
    }

    [Fact]
    public void Nothing_is_allocated_where_there_is_nothing_to_report()
    {
        string source = "const a = [1, 'b', `c${d}`].map((x) => ({ y: x / 2 }));\n".Times(50);

        Assert.InRange(Allocations.Of(() => PreScanner.Scan(source, ScanColumns.Standard)), 1, 200);
    }
}
