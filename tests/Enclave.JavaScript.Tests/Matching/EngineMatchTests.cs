using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Matching;

/// <summary>A pattern is in the same texts as in the engine.</summary>
public sealed class EngineMatchTests
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
    [
        @"\p{Extended_Pictographic}", @"[\p{Emoji}\P{L}]", @"\p{L}", @"\P{L}", @"\p{Lu}", @"\p{gc=Nd}", @"[\p{Letter}\d]", @"[^\p{So}a]", @"[\P{Ll}b]",
        @"\p{LC}", @"\u{1F600}", @"[\u{61}-\u{63}]",
    ];

    // The engine does not have this script.
    private static readonly string[] s_ofNoCharacter = ["Hrkt", "Katakana_Or_Hiragana"];

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

    /// <summary>Names and aliases are those that the table of the checker has: general categories, scripts in both ways, and binary properties.</summary>
    [Fact]
    public async Task Each_property_of_characters_has_those_of_the_engine()
    {
        const string AskProperties = """
            const [properties, points] = JSON.parse(input);
            process.stdout.write(JSON.stringify(properties.map((name) => {
              const property = new RegExp(`^\\p{${name}}$`, 'u');
              return points.map((point) => property.test(String.fromCodePoint(point)) ? '1' : '0').join('');
            })));
            """;
        string table = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src/Enclave.JavaScript/Text/UnicodeProperties.g.cs"), TestContext.Current.CancellationToken);
        string[][] names = [.. table.Split("public static bool ")[1..].Select((part) => part.Split('"').Where((_, at) => at % 2 == 1).ToArray())];
        string[] properties = [.. names[0], .. names[0].Select((name) => $"gc={name}"), .. names[1].Except(s_ofNoCharacter).SelectMany((name) =>
            new[] { $"sc={name}", $"Script_Extensions={name}" }), .. names[2]];
        var random = new Random(5);
        int[] points = [.. Enumerable.Range(0, 0x180), .. Enumerable.Range(0x1F3F0, 32),
            .. Enumerable.Range(0, TestSize.Of(800, 20_000)).Select((at) => random.Next(at % 2 == 0 ? 0x10000 : 0x20000))];

        string asked = JsonSerializer.Serialize(new object[] { properties, points });
        string[] expected = JsonSerializer.Deserialize<string[]>(await PinnedNode.Run(AskProperties, asked))!;

        Assert.InRange(properties.Length, 900, 2_000);
        string[] texts = [.. points.Select((point) => point is >= 0xD800 and < 0xE000 ? ((char)point).ToString() : char.ConvertFromUtf32(point))];
        Assert.All(properties.Zip(expected), (property) =>
        {
            RegularExpression? ours = RegularExpression.Compile($"^\\p{{{property.First}}}$", RegularExpressionOptions.Unicode, ManySteps, out _);
            Assert.NotNull(ours);
            Assert.Equal(property.Second, string.Concat(texts.Select((text) => ours.IsIn(text, Meter()) ? '1' : '0')));
        });
    }

    [Theory]
    [InlineData(@"\p{}")]
    [InlineData(@"\p{=L}")]
    [InlineData(@"\p{L=}")]
    [InlineData(@"\p{gc=Emoji}")]
    [InlineData(@"\p{Greek}")]
    [InlineData(@"\p{sc=L}")]
    [InlineData(@"\p{letter}")]
    [InlineData(@"\p{Lu Uppercase_Letter}")]
    [InlineData(@"\p{Lu:}")]
    [InlineData(@"\p{ L}")]
    [InlineData(@"\p{RGI_Emoji}")]
    [InlineData(@"\p{L")]
    public void A_property_that_the_language_does_not_have_is_not_read(string pattern) =>
        Assert.Null(RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, ManySteps, out _));

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
