using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>The values of literals.</summary>
public sealed class LiteralTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1_000", 1000)]
    [InlineData(".5", .5)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("0x10", 16)]
    [InlineData("0XfF", 255)]
    [InlineData("0o17", 15)]
    [InlineData("0b1_1", 3)]
    [InlineData("017", 15)]
    [InlineData("089.5", 89.5)]
    [InlineData("9007199254740993", 9007199254740992d)]
    [InlineData("9999999999999999", 1e16)]
    [InlineData("0x20000000000001", 9007199254740992d)]
    [InlineData("0x20000000000003", 9007199254740996d)]
    [InlineData("0x200000000000010000001", 2417851639229258886283264d)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("5e-324", double.Epsilon)]
    [InlineData("2e-324", 0)]
    public void A_number_has_the_nearest_value(string source, double value) => Assert.Equal(value, Assert.IsType<NumberLiteral>(Read(source)).Value);

    [Fact]
    public void A_hexadecimal_number_beyond_every_double_is_infinite() =>
        Assert.Equal(double.PositiveInfinity, Assert.IsType<NumberLiteral>(Read("0x1" + new string('0', 300))).Value);

    [Theory]
    [InlineData("1_0n", "10")]
    [InlineData("0xF_Fn", "0xFF")]
    public void A_big_integer_keeps_its_digits(string source, string digits) => Assert.Equal(digits, Assert.IsType<BigIntLiteral>(Read(source)).Digits);

    [Theory]
    [InlineData(@"'a\n\t\b\v\f\r\0'", "a\n\t\b\v\f\r\0")]
    [InlineData(@"'\x41\u0042\u{1F600}'", "AB\U0001F600")]
    [InlineData(@"'\101\8'", "A8")]
    [InlineData("'a\\\r\nb\\\u2028c'", "abc")]
    [InlineData("'\u2028'", "\u2028")]
    [InlineData(@"'\q\'\""'", "q'\"")]
    public void A_string_is_decoded(string source, string value) =>
        Assert.Equal(value, Assert.IsType<StringLiteral>(Parser.Parse($"({source})").Program!.Body.OfType<ExpressionStatement>().Single().Expression).Value);

    [Fact]
    public void Half_of_a_surrogate_pair_stands_for_itself() =>
        // Attributes cannot contain lone surrogates.
        Assert.Equal("\ud800", Assert.IsType<StringLiteral>(Parser.Parse("('\\ud800')").Program!.Body.OfType<ExpressionStatement>().Single().Expression).Value);

    [Fact]
    public void A_template_has_raw_and_decoded_text()
    {
        var template = Assert.IsType<TemplateLiteral>(Read("`a\r\n\\n\\\r\n${b}$c\\``"));

        Assert.Equal(["a\n\\n\\\n", "$c\\`"], template.Quasis.Select((quasi) => quasi.Raw));
        Assert.Equal(["a\n\n", "$c`"], template.Quasis.Select((quasi) => quasi.Cooked));
    }

    [Fact]
    public void A_tagged_template_may_contain_malformed_escapes()
    {
        var tagged = Assert.IsType<TaggedTemplateExpression>(Read(@"t`\u{x}${a}\08${b}\x4``"[..^1]));

        Assert.All(tagged.Quasi.Quasis, (quasi) => Assert.Null(quasi.Cooked));
    }

    [Fact]
    public void A_name_is_decoded()
    {
        Assert.Equal("a𝒳b", Assert.IsType<Identifier>(Read(@"\u0061\u{1d4b3}b")).Name);
        Assert.Equal("𝒳", Assert.IsType<Identifier>(Read("𝒳")).Name);
    }

    private static Expression Read(string source)
    {
        ParseResult result = Parser.Parse(source);
        Assert.True(result.Success, result.Error?.Show(source));
        return Assert.IsType<ExpressionStatement>(Assert.Single(result.Program.Body)).Expression;
    }
}
