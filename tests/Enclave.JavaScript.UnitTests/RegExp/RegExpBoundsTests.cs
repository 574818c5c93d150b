using System.Text;
using Enclave.JavaScript.RegExp;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.RegExp;

/// <summary>Long and deep patterns. A quadratic check, or an unlimited recursion, would not survive these.</summary>
public sealed class RegExpBoundsTests
{
    private static readonly int s_length = TestSize.Of(100_000, 200_000);
    private static readonly string[] s_flags = ["", "u", "v"];

    [Theory]
    [InlineData("(", ")", "")]
    [InlineData("(?:", ")", "u")]
    [InlineData("(?<=", ")", "v")]
    [InlineData("[", "]", "v")]
    public void Nesting_ends_at_a_bound_with_its_own_message(string open, string close, string flags)
    {
        Assert.Null(RegExpSyntax.Check(Repeat(open, 250) + Repeat(close, 250), flags));

        RegExpFault fault = Assert.NotNull(RegExpSyntax.Check(Repeat(open, 251) + Repeat(close, 251), flags));
        Assert.Contains("nested deeper than 250", fault.Message, StringComparison.Ordinal);
        Assert.Equal(250 * open.Length, fault.Offset);
    }

    [Fact]
    public async Task The_deepest_classes_need_little_stack()
    {
        var answer = new TaskCompletionSource<RegExpFault?>();
        string pattern = Repeat("[a--", 249) + "[]" + Repeat("]", 249);
        new Thread(() => answer.SetResult(RegExpSyntax.Check(pattern, "v")), maxStackSize: 256 * 1024).Start();

        Assert.Null(await Within.Deadline(answer.Task, "answer from the thread"));
    }

    [Fact]
    public void Groups_and_classes_share_the_bound()
    {
        Assert.Null(RegExpSyntax.Check(Repeat("(", 200) + Repeat("[", 50) + Repeat("]", 50) + Repeat(")", 200), "v"));
        Assert.NotNull(RegExpSyntax.Check(Repeat("(", 200) + Repeat("[", 51) + Repeat("]", 51) + Repeat(")", 200), "v"));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?:")]
    [InlineData("(?<a")]
    [InlineData("[")]
    [InlineData("[^")]
    [InlineData("|")]
    [InlineData("{")]
    [InlineData("a{1")]
    [InlineData("a{1,")]
    [InlineData("1")]
    [InlineData("\\1")]
    [InlineData("\\k<a>")]
    [InlineData("\\k<")]
    [InlineData("\\u{")]
    [InlineData("\\u{0")]
    [InlineData("\\p{")]
    [InlineData("\\q{")]
    [InlineData("[\\q{a|")]
    [InlineData("[a--")]
    [InlineData("()")]
    [InlineData("[a-z]")]
    [InlineData("\\ud83d")]
    [InlineData("(?i:a)")]
    [InlineData("(?<a>)|")]
    [InlineData("a*?")]
    public void Long_patterns_are_answered(string piece)
    {
        foreach (string flags in s_flags)
        {
            string repeated = Repeat(piece, s_length / piece.Length);
            // A name before or after it makes the parser read a legacy pattern twice.
            foreach (string pattern in new[] { repeated, $"(?<a>){repeated}", $"{repeated}(?<a>)", $"[{repeated}]", $"(?<{repeated}>)", $"(?:{repeated}" })
            {
                RegExpFault? fault = RegExpSyntax.Check(pattern, flags);
                Assert.InRange(fault?.Offset ?? 0, 0, pattern.Length);
                Assert.InRange(fault?.Message.Length ?? 0, 0, 250);
            }
        }
    }

    [Theory]
    [InlineData("(?<a{0}>)", "\\k<a{0}>")]
    [InlineData("(?<a{0}>)|(?<a{0}>)|", "\\k<a{0}>")]
    [InlineData("(?<\\u{{61}}{0}>)", "\\k<\\u0061{0}>")]
    [InlineData("(?:(?<same>)|(?<a{0}>))|", "\\k<same>")]
    public void Fifty_thousand_names_are_answered(string declaration, string reference)
    {
        foreach (string flags in s_flags) Assert.Null(RegExpSyntax.Check(Numbered(declaration) + Numbered(reference), flags));
    }

    [Fact]
    public void Names_in_the_deepest_alternatives_are_answered()
    {
        string names = string.Concat(Enumerable.Range(0, 20_000).Select((i) => $"(?<a{i}>)|"));
        string pattern = Repeat("(?:|", 250 - 1) + names + Repeat("|)", 250 - 1);

        Assert.Null(RegExpSyntax.Check(pattern, ""));
        Assert.NotNull(RegExpSyntax.Check(pattern + "(?<a7>)", ""));
    }

    [Fact]
    public void A_pattern_without_names_allocates_nothing() =>
        Assert.Equal(0, Allocations.Of(() => RegExpSyntax.Check("^(?:a|b)[c-e]+\\d{2,3}$", "u")));

    private static string Numbered(string format)
    {
        CompositeFormat composite = CompositeFormat.Parse(format);
        var text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) text.AppendFormat(null, composite, i);
        return text.ToString();
    }

    private static string Repeat(string piece, int count) => new StringBuilder().Insert(0, piece, count).ToString();
}
