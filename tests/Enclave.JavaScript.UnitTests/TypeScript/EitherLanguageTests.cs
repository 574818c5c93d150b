using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>A text that may be JavaScript or TypeScript.</summary>
public sealed class EitherLanguageTests
{
    private static readonly ParserOptions s_either = new() { Language = SourceLanguage.Either };

    [Fact]
    public void JavaScript_keeps_the_meaning_it_has()
    {
        const string source = "a < b > (c)";

        Assert.Equal("a<b>c;", Printer.Print(Parser.Parse(source, s_either).Program!));
    }

    [Fact]
    public void TypeScript_is_read_where_JavaScript_fails() =>
        Assert.Equal("let a=1;", Printer.Print(Parser.Parse("let a: number = 1", s_either).Program!));

    [Theory]
    [InlineData("let a: number = 1;\nlet b = ;", "';' cannot stand here", 2)]
    [InlineData("let a = ;\nlet b: number", "';' cannot stand here", 1)]
    [InlineData("namespace N { let a }", "A namespace with values is code", 1)]
    [InlineData("await x", "'await' can only be used", 1)]
    public void Of_two_errors_the_one_further_on_is_told(string source, string message, int line)
    {
        ParseError error = Parser.Parse(source, s_either).Error!;

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Position.Line);
    }

    [Fact]
    public void Tokens_and_comments_are_those_of_the_reading_that_counts()
    {
        const string source = "/*a*/ x = b < c > (d) as T /*e*/";

        ParseResult result = Parser.Parse(source, s_either with { Keep = Keep.Comments | Keep.Tokens });

        Assert.Equal(2, result.Comments.Length);
        Assert.Equal("x=b<c>(d)asT", string.Concat(result.Tokens.Select((token) => source[token.Start..token.End])));
    }
}
