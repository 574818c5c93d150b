using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Matching;

/// <summary>A pattern is in the same texts as in the engine, and its author cannot choose how work and memory grow.</summary>
public sealed class RegularExpressionTests
{
    private const int ManySteps = 100_000;

    // Texts are sent as UTF-16 in base64, because JSON cannot contain lone surrogates. Null for an invalid pattern, and for a match that begins inside of a
    // pair: the engine finds some after a lookbehind, against 22.2.7.2, AdvanceStringIndex.
    private const string Ask = """
        const text = (encoded) => Buffer.from(encoded, 'base64').toString('utf16le');
        process.stdout.write(JSON.stringify(JSON.parse(input).map(([pattern, flags, of]) => {
          try {
            const found = new RegExp(text(pattern), flags).exec(text(of));
            const [before, after] = found ? [text(of).slice(0, found.index), text(of).slice(found.index)] : ['', ''];
            return flags && /[\ud800-\udbff]$/.test(before) && /^[\udc00-\udfff]/.test(after) ? null : !!found;
          } catch { return null; }
        })));
        """;

    private static readonly string[] s_atoms =
    [
        "a", "b", "1", ".", "[ab]", "[^a]", "[a-c1]", "[]", "[^]", @"\d", @"\D", @"\w", @"\W", @"\s", @"\S", @"\x61", @"\u0062", @"\n", @"[\d_]", @"[^\w]",
        @"[\b]", "\u00e9", "\U0001F600", "[\U0001F600-\U0001F610]", "[^\U0001F600]", @"\uD83D\uDE00",
        @"[\uD83D\uDE05]", @"\uD83D", @"\uDE00", "^", "$", @"\b", @"\B",
    ];

    // Only with the flag u.
    private static readonly string[] s_named =
        [@"\p{L}", @"\P{L}", @"\p{Lu}", @"\p{gc=Nd}", @"[\p{Letter}\d]", @"[^\p{So}a]", @"[\P{Ll}b]", @"\p{LC}", @"\u{1F600}", @"[\u{61}-\u{63}]"];

    private static readonly string[] s_counts = ["", "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{1,}", "*?", "+?"];
    private static readonly string[] s_groups = ["(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<name>"];
    private static readonly string[] s_pieces =
        ["a", "b", "A", "1", "_", " ", "\n", "\u00e9", "\u01c5", "\U0001F600", "\U0001F605", "\ud83d", "\ude00", "\U0001D400"];

    /// <summary>
    /// Faults of V8 14 (node 26.10) that V8 11 (node 20.20) does not have, against ECMA-262 22.2.2: <c>/[^a]$/u</c> does not find a character above U+FFFF at
    /// the end, and the empty alternative of <c>/[^]+?\W[^]{0,2}^|/</c> is not tried.
    /// </summary>
    private static bool IsMissedByEngine(string pattern, string text, string flags) => flags == "u"
        ? pattern.EndsWith("]$", StringComparison.Ordinal) && text.Length > 1 && char.IsSurrogatePair(text, text.Length - 2)
        : pattern.EndsWith("^|", StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    public async Task Patterns_are_in_the_texts_in_which_the_engine_finds_them(string flags)
    {
        RegularExpressionOptions options = flags == "u" ? RegularExpressionOptions.Unicode : RegularExpressionOptions.None;
        var random = new Random(flags.Length + 17);
        (string Pattern, string Text)[] cases = [.. Enumerable.Range(0, TestSize.Of(20_000, 400_000)).Select((_) =>
            (Pattern(random, options, 0), string.Concat(Enumerable.Range(0, random.Next(9)).Select((_) => s_pieces[random.Next(s_pieces.Length)]))))];
        string[][] encoded = [.. cases.Select((one) => new[] { Encoded(one.Pattern), flags, Encoded(one.Text) })];
        bool?[] expected = JsonSerializer.Deserialize<bool?[]>(await PinnedNode.Run(Ask, JsonSerializer.Serialize(encoded)))!;

        var differing = new List<string>();
        int found = 0;
        for (int i = 0; i < cases.Length; i++)
        {
            (string pattern, string text) = cases[i];
            if (expected[i] is not { } matches) continue;
            found += matches ? 1 : 0;
            bool? ours = RegularExpression.Compile(pattern, options, ManySteps, out _)?.IsIn(text, Meter());
            if (ours == matches || (ours == true && IsMissedByEngine(pattern, text, flags))) continue;
            differing.Add($"{JsonSerializer.Serialize(pattern)} in {JsonSerializer.Serialize(text)}: {ours?.ToString() ?? "not read"}");
        }

        Assert.True(differing.Count == 0, string.Join('\n', differing.Take(20)));
        Assert.InRange(found, cases.Length / 5, cases.Length * 4 / 5);
    }

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
    [InlineData(@"\p{Script=Greek}")]
    [InlineData(@"\u{110000}")]
    [InlineData("(?=a)*")]
    public void Some_patterns_are_not_read(string pattern)
    {
        Assert.Null(RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out bool isTooLarge));
        Assert.False(isTooLarge);
    }

    private static string Pattern(Random random, RegularExpressionOptions options, int depth)
    {
        string[] atoms = options == RegularExpressionOptions.Unicode ? [.. s_atoms, .. s_named] : s_atoms;
        string all = "";
        for (int parts = random.Next(1, 5); parts > 0; parts--)
        {
            bool isGroup = depth < 3 && random.Next(4) == 0;
            // A name is unique in its pattern: only the outermost groups have one.
            string open = s_groups[random.Next(depth == 0 && !all.Contains("<name>", StringComparison.Ordinal) ? s_groups.Length : s_groups.Length - 1)];
            string atom = isGroup ? $"{open}{Pattern(random, options, depth + 1)})" : atoms[random.Next(atoms.Length)];
            bool isPlace = isGroup ? open is "(?=" or "(?!" or "(?<=" or "(?<!" : atom is "^" or "$" or @"\b" or @"\B";
            all += atom + (isPlace ? "" : s_counts[random.Next(s_counts.Length)]) + (random.Next(8) == 0 ? "|" : "");
        }

        return all;
    }

    private static WorkMeter Meter() => new(TimeSpan.FromMinutes(1), ThreadCpuTime.Now, CancellationToken.None);

    private static string Encoded(string text) => Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan()));
}
