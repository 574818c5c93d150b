using System.Text;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Typed texts that repeat forms which only their end explains. The work is counted in tokens and must be linear in the text.</summary>
public sealed class TypedBoundsTests
{
    // A token is read once, and once more for each trial around it. Trials nest deeply only in texts made for that.
    private const double MostStepsForToken = 12;
    private static readonly ParserOptions s_deep = new() { Language = SourceLanguage.TypeScript, MaxDepth = 1_000, MaxChain = 4_000 };

    public static TheoryData<string, string, string, string, int> Shapes => new()
    {
        // head, repeated part, middle, closing part, tokens in one repetition
        { "", "a<", "b", "", 2 },
        { "", "a<", "b", ">", 3 },
        { "x=", "a<(", "b", "", 3 },
        { "x=", "a<(", "b", ")", 4 },
        { "x=", "a<[", "b", "", 3 },
        { "x=", "a<{b:", "c", "", 5 },
        { "", "a<b,", "c", ">", 5 },
        { "", "a<b>,", "c", "", 5 },
        { "", "a<b>c;", "", "", 6 },
        { "", "(", "a", "", 1 },
        { "", "a?(", "b", "", 3 },
        { "", "a?(", "b", "):c", 6 },
        { "", "a?(b):", "c", "", 6 },
        { "", "a?(b):c=>", "d", "", 8 },
        { "", "a?(b):c=>", "d", ":e", 10 },
        { "", "a?(b):{[", "c", "", 8 },
        { "", "a?(b):{[", "c", "]:d}", 12 },
        { "", "(a):", "b", "", 4 },
        { "", "<T>(", "a", ")", 5 },
        { "", "<T>(a:T)=>", "b", "", 9 },
        { "", "async<T>(", "a", ")", 6 },
        { "", "async<T,", "a", "", 4 },
        { "", "case(a):{b:", "c", "", 7 },
        { "type A=", "({", "a", "", 2 },
        { "type A=", "({a:", "b", "})", 6 },
        { "type A=", "({a}:", "b", ")=>c", 8 },
        { "type A=", "((a:", "b", ")=>c)", 8 },
        { "type A=", "a extends infer B extends(", "b", ")?c:d", 10 },
        { "type A=", "{[(a as ", "b", ")]:c}", 9 },
        { "type A=", "a extends b?c:", "d", "", 6 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Work_grows_as_the_text(string head, string open, string middle, string close, int tokens)
    {
        foreach (int times in new[] { 60, 120, 240, 480, 30_000 })
        {
            long steps = StepsOf(Build(head, open, middle, close, times));

            double each = (double)steps / (times * tokens);
            Assert.True(each <= MostStepsForToken, $"{each:0.0} steps for each token of {times} times {open}…{close}");
        }
    }

    [Fact]
    public void A_long_text_of_short_comparisons_takes_no_line_numbers_on_trial()
    {
        string text = string.Concat(Enumerable.Repeat("a<1;\n", 100_000));

        Assert.True(Parser.Parse(text, s_deep).Success);
        Assert.InRange(StepsOf(text), 400_000, 1_000_000);
    }

    [Theory]
    [InlineData("a?(b):c=>", "d", "", 40)]
    [InlineData("a?(b):{[", "c", "]:d}", 40)]
    public void A_source_that_needs_too_many_trials_in_trials_is_refused_by_name(string open, string middle, string close, int times)
    {
        ParseResult result = Parser.Parse(Build("", open, middle, close, times), s_deep);

        if (result.Success) return;
        Assert.Equal(ParseErrorCode.TooDeep, result.Error.Code);
        Assert.Contains("parentheses", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Powers_behind_assertions_are_a_chain()
    {
        Assert.True(Parser.Parse(Build("x", " as T ** y", "", "", 3_000), s_deep).Success);
        Assert.Equal(ParseErrorCode.TooDeep, Parser.Parse(Build("x", " as T ** y", "", "", 100_000), s_deep).Error?.Code);
    }

    private static string Build(string head, string open, string middle, string close, int times)
    {
        var text = new StringBuilder(head);
        for (int i = 0; i < times; i++) text.Append(open);
        text.Append(middle);
        for (int i = 0; i < times; i++) text.Append(close);
        return text.ToString();
    }

    // A meter without a time limit reads the CPU clock at every 256th step.
    private static long StepsOf(string text)
    {
        long looks = 0;
        var meter = new WorkMeter(
            TimeSpan.Zero,
            () =>
            {
                looks++;
                return TimeSpan.Zero;
            },
            CancellationToken.None);
        Parser.Parse(text, s_deep, meter);
        return looks * 256;
    }
}
