using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Matching;

/// <summary>The author of a pattern cannot choose how work and memory grow.</summary>
public sealed class RegularExpressionTests
{
    private const int ManySteps = 100_000;

    [Theory]
    [InlineData("[ab]*a[abc1]{600}b.{300}c", 4)]
    [InlineData("(a?){500}b", 4)]
    [InlineData("(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]$", 4)]
    [InlineData("(?:[ab]{1,9}a.{0,9}){9}[^ab]", 4)]
    [InlineData("^(?=(?:a|b)*c)(?=(?:a|b|ab)*d)(?<!(?:a|b){1,300}).*$", 12)]
    public void Work_is_in_proportion_to_steps_and_text_and_nothing_is_kept(string pattern, int visits)
    {
        RegularExpression expression = RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out _)!;
        var random = new Random(7);
        string text = new([.. Enumerable.Range(0, 2_000).Select((_) => "ab"[random.Next(2)])]);
        // The meter reads the clock at each 256th step.
        long work = 0;
        var meter = new WorkMeter(TimeSpan.Zero, () => TimeSpan.FromTicks(work++ & 0), CancellationToken.None);
        expression.IsIn(text, meter);
        long before = GC.GetAllocatedBytesForCurrentThread();
        expression.IsIn(text, Meter());

        Assert.InRange(work * 256, text.Length, (long)text.Length * expression.Steps * visits);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("((((a{0,99}){0,99}){0,99}){0,99})")]
    [InlineData("a{100000}")]
    [InlineData("(((((){9999}){9999}){9999}){9999}){9999}")]
    [InlineData("(?=(?=a{60000})b{60000})")]
    [InlineData("(?=1)(?=2)(?=3)(?=4)(?=5)(?=6)(?=7)(?=8)(?=9)(?=a)(?=b)(?=c)(?=d)(?=e)(?=f)(?=g)(?=h)")]
    public void An_expression_that_is_too_large_is_not_compiled(string pattern)
    {
        Assert.Null(RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out bool isTooLarge));
        Assert.True(isTooLarge);
    }

    [Fact]
    public void Deep_groups_are_not_compiled()
    {
        string deep = new('(', 100_000);

        Assert.Null(RegularExpression.Compile(deep, RegularExpressionOptions.None, ManySteps, out bool isTooLarge));
        Assert.True(isTooLarge);
    }

    [Theory]
    [InlineData("{a}", "{a}")]
    [InlineData("]", "]")]
    [InlineData(@"\-\#\ ", "-# ")]
    public void With_code_points_what_authors_write_is_read(string pattern, string text) =>
        Assert.True(RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out _)!.IsIn(text, Meter()));

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<n>a)\k<n>")]
    [InlineData(@"\a")]
    [InlineData(@"[\w-a]")]
    [InlineData(@"\p{Script=Nowhere}")]
    [InlineData(@"\u{110000}")]
    [InlineData("(?=a)*")]
    public void Some_patterns_are_not_read(string pattern)
    {
        Assert.Null(RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out bool isTooLarge));
        Assert.False(isTooLarge);
    }

    private static WorkMeter Meter() => new(TimeSpan.FromMinutes(1), ThreadCpuTime.Now, CancellationToken.None);
}
