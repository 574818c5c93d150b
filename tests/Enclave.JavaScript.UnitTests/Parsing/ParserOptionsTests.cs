using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>The effect of each option.</summary>
public sealed class ParserOptionsTests
{
    private static readonly ParserOptions s_body = new() { TopLevel = TopLevel.Return | TopLevel.Await };

    [Theory]
    [InlineData("return 1")]
    [InlineData("await x")]
    [InlineData("for await (const a of b) ;")]
    [InlineData("const f = await x; return f")]
    public void The_body_of_an_async_function_can_be_read_at_top_level(string source)
    {
        Assert.True(Parser.Parse(source, s_body).Success);
        Assert.False(Parser.Parse(source).Success);
    }

    [Fact]
    public void Where_await_is_an_operator_it_is_no_name()
    {
        Assert.False(Parser.Parse("var await", s_body).Success);
        Assert.True(Parser.Parse("function f() { var await }", s_body).Success);
    }

    [Theory]
    [InlineData("with (a) b")]
    [InlineData("delete a")]
    [InlineData("var yield")]
    [InlineData("010")]
    public void A_script_can_be_strict_from_the_start(string source)
    {
        Assert.False(Parser.Parse(source, new ParserOptions { Mode = LanguageMode.Strict }).Success);
        Assert.True(Parser.Parse(source).Success);
    }

    [Fact]
    public void New_target_is_allowed_at_top_level_if_asked_for()
    {
        Assert.True(Parser.Parse("new.target", new ParserOptions { TopLevel = TopLevel.NewTarget }).Success);
        Assert.False(Parser.Parse("new.target").Success);
    }

    [Fact]
    public void Using_is_a_declaration_only_in_the_latest_edition()
    {
        Assert.True(Parser.Parse("{ using a = b }", new ParserOptions { Edition = LanguageEdition.Latest }).Success);
        Assert.False(Parser.Parse("{ using a = b }").Success);
        Assert.True(Parser.Parse("using(a)", new ParserOptions { Edition = LanguageEdition.Latest }).Success);
    }

    [Fact]
    public void Using_can_stand_at_the_top_of_what_is_the_body_of_a_function() =>
        Assert.True(Parser.Parse("using a = b; await using c = d", s_body with { Edition = LanguageEdition.Latest }).Success);

    [Fact]
    public void Comments_are_kept_if_asked_for()
    {
        const string source = "#!x\n// a\nb /* c */\n<!-- d\n--> e";

        ImmutableArray<Comment> comments = Parser.Parse(source, new ParserOptions { Keep = Keep.Comments }).Comments;

        Assert.Equal(
            [CommentKind.Hashbang, CommentKind.Line, CommentKind.Block, CommentKind.Html, CommentKind.Html], comments.Select((comment) => comment.Kind));
        Assert.Equal(["#!x", "// a", "/* c */", "<!-- d", "--> e"], comments.Select((comment) => source[comment.Start..comment.End]));
        Assert.Empty(Parser.Parse(source).Comments);
    }

    [Fact]
    public void Tokens_are_kept_if_asked_for()
    {
        const string source = "a /= /b/g + `c${d}e` // f";

        ImmutableArray<Token> tokens = Parser.Parse(source, new ParserOptions { Keep = Keep.Tokens }).Tokens;

        Assert.Equal(["a", "/=", "/b/g", "+", "`c${", "d", "}e`"], tokens.Select((token) => source[token.Start..token.End]));
        Assert.Equal(TokenType.RegExp, tokens[2].Type);
    }

    [Theory]
    [InlineData("aaaaaaaaaaa", "MaxIdentifierLength")]
    [InlineData("\\u0061aaaaaaaaaaa", "MaxIdentifierLength")]
    [InlineData("#aaaaaaaaaaa", "MaxIdentifierLength")]
    [InlineData("01234567890", "MaxLiteralLength")]
    [InlineData("1.234567890", "MaxLiteralLength")]
    [InlineData("/aaaaaaaaaaa/", "MaxLiteralLength")]
    [InlineData("'aaaaaaaaaaa'", "MaxStringLength")]
    [InlineData("'\\naaaaaaaaaaa'", "MaxStringLength")]
    [InlineData("`aaaaaaaaaaa`", "MaxStringLength")]
    [InlineData("a;b;c;d;e;f;g;h;i;j;k", "MaxSourceLength")]
    public void A_text_longer_than_its_bound_is_refused(string source, string bound)
    {
        ParserOptions options = bound switch
        {
            "MaxIdentifierLength" => new() { MaxIdentifierLength = 10 },
            "MaxLiteralLength" => new() { MaxLiteralLength = 10 },
            "MaxStringLength" => new() { MaxStringLength = 10 },
            _ => new() { MaxSourceLength = 10 },
        };

        Assert.Equal(ParseErrorCode.TooLong, Parser.Parse(source, options).Error!.Code);
    }

    [Fact]
    public void A_bound_out_of_its_range_is_the_callers_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParserOptions { MaxDepth = 5_000 });

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{", "}")]
    [InlineData("(", ")")]
    public void The_deepest_nesting_is_read_and_a_deeper_one_refused(string open, string close)
    {
        string source = string.Concat(Enumerable.Repeat(open, 30)) + (open == "{" ? "" : "1") + string.Concat(Enumerable.Repeat(close, 30));
        int depth = Enumerable.Range(10, 400).First((bound) => Parser.Parse(source, new ParserOptions { MaxDepth = bound }).Success);

        ParseError refused = Parser.Parse(source, new ParserOptions { MaxDepth = depth - 1 }).Error!;

        Assert.Equal(ParseErrorCode.TooDeep, refused.Code);
        // Not the stack's fault: the bound is what the text has one level more than.
        Assert.Contains($"more than {depth - 1} levels", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_longer_than_its_bound_is_refused()
    {
        string sum = string.Join('+', Enumerable.Repeat("a", 100));

        Assert.True(Parser.Parse(sum, new ParserOptions { MaxChain = 99 }).Success);
        Assert.Equal(ParseErrorCode.TooDeep, Parser.Parse(sum, new ParserOptions { MaxChain = 98 }).Error!.Code);
    }

    [Fact]
    public void The_depth_of_a_tree_counts_chains_inside_of_chains()
    {
        // (((a+a)+a)…) is one chain; parentheses do not matter.
        string sum = new string('(', 60) + "a" + string.Concat(Enumerable.Repeat("+a)", 60));

        Assert.Equal(ParseErrorCode.TooDeep, Parser.Parse(sum, new ParserOptions { MaxChain = 50 }).Error!.Code);
    }
}
