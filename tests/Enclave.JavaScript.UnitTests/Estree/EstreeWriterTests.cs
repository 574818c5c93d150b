using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Estree;

/// <summary>The format that acorn's users get.</summary>
public sealed class EstreeWriterTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\"\\\b\f\n\r\t\u0000\u001f\u007f", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\"")]
    [InlineData("é\u2028\u2029\ufeff", "\"é\u2028\u2029\ufeff\"")]
    [InlineData("\ud83d\ude00", "\"\ud83d\ude00\"")]
    public void Strings_are_quoted_as_well_formed_stringify_does(string value, string quoted)
    {
        Assert.Equal(Of($$"""{"type":"Literal","value":{{quoted}}}"""), Bare(new StringLiteral(0, 1, value)));
    }

    [Fact]
    public void Surrogates_that_stand_alone_are_escaped()
    {
        Assert.Equal(Of("""{"type":"Literal","value":"\ude00\ud83dx\ud83d"}"""), Bare(new StringLiteral(0, 1, "\ude00\ud83dx\ud83d")));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(1e21, "1e+21")]
    [InlineData(double.PositiveInfinity, "null")]
    public void Numbers_are_JavaScripts(double value, string text)
    {
        Assert.Equal(Of($$"""{"type":"Literal","value":{{text}}}"""), Bare(new NumberLiteral(0, 1, value)));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("0xFFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData("0O7654321076543210", "275730608604808")]
    [InlineData("0b1000000010", "514")]
    public void Big_integers_are_decimal(string digits, string text)
    {
        Assert.Equal(Of($$"""{"type":"Literal","value":null,"bigint":"{{text}}"}"""), Bare(new BigIntLiteral(0, 1, digits)));
    }

    [Fact]
    public void Literals_quote_the_source_and_places_have_lines()
    {
        var literal = new RegExpLiteral(2, 6, "\\d", "");

        string json = EstreeWriter.Write(
            new Program(0, 6, [new ExpressionStatement(2, 6, literal, null)], SourceGoal.Module), "\r\n/\\d/", EstreePositions.Lines);

        const string Place = "\"start\":2,\"end\":6,\"loc\":{\"start\":{\"line\":2,\"column\":0},\"end\":{\"line\":2,\"column\":4}}";
        Assert.Equal(
            "{\"type\":\"Program\",\"start\":0,\"end\":6,\"loc\":{\"start\":{\"line\":1,\"column\":0},\"end\":{\"line\":2,\"column\":4}},\"body\":[" +
            $"{{\"type\":\"ExpressionStatement\",{Place},\"expression\":{{\"type\":\"Literal\",{Place},\"value\":{{}},\"raw\":\"/\\\\d/\"," +
            "\"regex\":{\"pattern\":\"\\\\d\",\"flags\":\"\"}}}],\"sourceType\":\"module\"}",
            json);
    }

    [Fact]
    public void Directives_and_templates_have_what_only_they_have()
    {
        var directive = new ExpressionStatement(0, 1, new NullLiteral(0, 1), "use \"strict\"");
        var template = new TemplateLiteral(
            0, 1, [new Identifier(0, 1, "a")], [new TemplateElement(0, 1, "\\u", null, isTail: false), new TemplateElement(0, 1, "", "", isTail: true)]);

        string json = EstreeWriter.Write(new Program(0, 1, [directive, new ThrowStatement(0, 1, template)], SourceGoal.Script), "", EstreePositions.None);

        Assert.Equal(
            """{"type":"Program","body":[{"type":"ExpressionStatement","expression":{"type":"Literal","value":null},"directive":"use \"strict\""},""" +
            """{"type":"ThrowStatement","argument":{"type":"TemplateLiteral","expressions":[{"type":"Identifier","name":"a"}],"quasis":""" +
            """[{"type":"TemplateElement","value":{"raw":"\\u","cooked":null},"tail":false},{"type":"TemplateElement","value":{"raw":"","cooked":""}""" +
            ""","tail":true}]}}],"sourceType":"script"}""",
            json);
    }

    [Fact]
    public void A_chain_that_leans_left_is_written_as_any_other_tree()
    {
        string json = EstreeWriter.Write(DeepTrees.LeftLeaning(5), "", EstreePositions.None);

        Assert.Equal(
            Of("""
            {"type":"ChainExpression","expression":{"type":"CallExpression","callee":{"type":"MemberExpression",
            "object":{"type":"LogicalExpression","left":{"type":"BinaryExpression",
            "left":{"type":"Identifier","name":"x"},"operator":"+","right":{"type":"Identifier","name":"y"}},
            "operator":"||","right":{"type":"Identifier","name":"y"}},
            "property":{"type":"Identifier","name":"y"},"computed":false,"optional":false},"arguments":[{"type":"Identifier","name":"y"}],"optional":false}}
            """.ReplaceLineEndings("")),
            json);
    }

    [Fact]
    public void The_deepest_trees_fit_on_a_small_stack()
    {
        (int nested, int chained) = (0, 0);

        DeepTrees.OnSmallStack(() => nested = EstreeWriter.Write(DeepTrees.Nested(DeepTrees.Levels), "").Length);
        DeepTrees.OnSmallStack(() => chained = EstreeWriter.Write(DeepTrees.LeftLeaning(DeepTrees.LongChain), "").Length);

        Assert.True(nested > DeepTrees.Levels * 100, $"{nested} characters");
        Assert.True(chained > DeepTrees.LongChain, $"{chained} characters");
    }

    private static string Bare(Expression expression) =>
        EstreeWriter.Write(new Program(0, 1, [new ExpressionStatement(0, 1, expression, null)], SourceGoal.Script), "?", EstreePositions.None);

    private static string Of(string expression) =>
        $$"""{"type":"Program","body":[{"type":"ExpressionStatement","expression":{{expression}}}],"sourceType":"script"}""";
}
