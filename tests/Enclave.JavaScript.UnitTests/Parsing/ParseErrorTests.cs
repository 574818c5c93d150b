using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>The messages for people, and their places.</summary>
public sealed class ParseErrorTests
{
    [Theory]
    [InlineData("a b", ParseErrorCode.Syntax, 2, "The name 'b' cannot stand here; expected ';'")]
    [InlineData("f(1", ParseErrorCode.Syntax, 3, "The text ends too early; expected ',' or ')'")]
    [InlineData("[1 2]", ParseErrorCode.Syntax, 3, "The number '2' cannot stand here; expected ',' or ']'")]
    [InlineData("function f() { await x }", ParseErrorCode.Syntax, 15, "'await' can only be used in async functions and at the top of modules")]
    [InlineData("function f() { yield x }", ParseErrorCode.Syntax, 15, "'yield' can only be used in generators")]
    [InlineData("if (a", ParseErrorCode.Syntax, 5, "The text ends too early; expected ')'")]
    [InlineData("{", ParseErrorCode.Syntax, 1, "The text ends too early; expected '}'")]
    [InlineData("var if", ParseErrorCode.Syntax, 4, "The reserved word 'if' cannot stand here; expected a name")]
    [InlineData("let a; let a", ParseErrorCode.EarlyError, 11, "'a' is already declared in this scope")]
    [InlineData("'a", ParseErrorCode.Token, 0, "The string that begins here is not closed on its line")]
    [InlineData("x = `a", ParseErrorCode.Token, 4, "The template is not closed")]
    [InlineData("`\\", ParseErrorCode.Token, 0, "The template is not closed")]
    [InlineData("x`\\u", ParseErrorCode.Token, 1, "The template is not closed")]
    [InlineData("'\\", ParseErrorCode.Token, 0, "The string that begins here is not closed on its line")]
    [InlineData("a /* b", ParseErrorCode.Token, 2, "The comment that begins here is not closed")]
    [InlineData("a @ b", ParseErrorCode.Token, 2, "The character '@' (U+0040) cannot stand here")]
    [InlineData("1_", ParseErrorCode.Token, 1, "A separator can stand only between two digits")]
    [InlineData("'\\u{110000}'", ParseErrorCode.Token, 1, "The escape \\u needs four hexadecimal digits, or up to 10FFFF in braces")]
    [InlineData("({ a = 1 })", ParseErrorCode.Syntax, 5, "A property of an object is given its value with ':'; '=' is a default, and only stands in patterns")]
    [InlineData("return 1", ParseErrorCode.EarlyError, 0, "'return' stands outside of a function")]
    [InlineData("a || b ?? c", ParseErrorCode.Syntax, 7, "'??' cannot stand next to '||' or '&&' without parentheses around one of them")]
    [InlineData("-a ** b", ParseErrorCode.Syntax, 3, "'**' cannot stand here; expected parentheses around the unary expression, or around the power")]
    [InlineData("class A { m() { this.#x } }", ParseErrorCode.EarlyError, 21, "The private name '#x' is not declared in a class around it")]
    [InlineData("1 = 2", ParseErrorCode.EarlyError, 0, "This cannot be assigned to")]
    [InlineData("()", ParseErrorCode.Syntax, 1, "The parentheses are empty; only an arrow function can follow them")]
    public void The_first_error_is_told_with_its_place(string source, ParseErrorCode code, int offset, string message)
    {
        ParseError error = Parser.Parse(source).Error!;

        Assert.Equal((code, offset, message), (error.Code, error.Offset, error.Message));
    }

    [Fact]
    public void A_malformed_regular_expression_is_told_at_its_place()
    {
        ParseError error = Parser.Parse("x = /a(b/").Error!;

        Assert.Equal(ParseErrorCode.RegExp, error.Code);
        Assert.InRange(error.Offset, 4, 9);
    }

    [Fact]
    public void An_error_shows_its_line_with_a_caret()
    {
        const string source = "let a = 1;\nlet b = a +;\nb";

        ParseError error = Parser.Parse(source).Error!;

        Assert.Equal(new SourcePosition(2, 11), error.Position);
        Assert.Equal("';' cannot stand here (2:11)\n    let b = a +;\n               ^", error.Show(source));
    }

    [Fact]
    public void A_long_line_is_cut_around_the_place()
    {
        string source = new string('a', 1000) + " b " + new string('c', 1000);

        string shown = Parser.Parse(source).Error!.Show(source);

        Assert.All(shown.Split('\n'), (line) => Assert.InRange(line.Length, 1, 140));
        Assert.Contains("b ccc", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caret_stands_under_its_character_whatever_stands_before()
    {
        string shown = Parser.Parse("'\t\u001b' b").Error!.Show("'\t\u001b' b");

        Assert.EndsWith("    '  ' b\n         ^", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("// only a comment")]
    public void A_text_without_statements_is_a_program(string source) => Assert.Empty(Parser.Parse(source).Program!.Body);
}
