using System.Text;
using Enclave.Guard.PreScan;
using Enclave.JavaScript;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;
using Enclave.Tests;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>The walk does not know the grammar, but agrees with the parser on brackets and text.</summary>
public sealed class AgreementTests
{
    private static readonly string[] s_texts =
    [
        "'([{'", "\")}]\"", "'\\'('", "`([{`", "`\\`(\\${`", "/[(]/", "/\\(\\[/g", "/[/\\]{]/.source", "'\u2028('", "\"//(\"", "'/*['", "`\n(`",
    ];

    private static readonly string[] s_comments = ["/* ( [ { */", "// ) ] }\n", "/* ' ` \" / */", "// it's `\n", "<!-- (\n", "/*\n*/"];

    [Fact]
    public void Brackets_agree_with_the_parser()
    {
        Random random = new(11);
        int valid = 0;
        for (int i = 0; i < TestSize.Of(4_000, 40_000); i++)
        {
            string source = Program(random);
            ParseResult parsed = Parser.Parse(source, new ParserOptions { Keep = Keep.Tokens });
            if (!parsed.Success) continue;
            valid++;
            PreScanResult scanned = PreScanner.Scan(source, ScanColumns.Permissive with { BracketDepth = 200, RegexCount = 50, ConsecutiveOperators = 100 });
            if (scanned.Fatal?.Code == "PRESCANNER_REGEX_COUNT") continue;
            Assert.True(scanned.Fatal is null, $"{scanned.Fatal?.Message}\n{source}");
            int depth = DepthOf(source, parsed.Tokens);
            Assert.True(depth == scanned.Stats.BracketDepth, $"{depth} and {scanned.Stats.BracketDepth}:\n{source}");
            IEnumerable<int> regexes = parsed.Tokens.Where((token) => token.Type == TokenType.RegExp).Select((token) => token.Start);
            Assert.Equal(regexes, scanned.Regexes.Select((regex) => regex.Offset));
        }

        Assert.True(valid > TestSize.Of(2_000, 20_000), $"only {valid} programs were valid");
    }

    [Fact]
    public void Brackets_in_text_change_nothing()
    {
        Random random = new(12);
        for (int i = 0; i < 2_000; i++)
        {
            int depth = random.Next(1, 20);
            StringBuilder open = new("x = ");
            for (int d = 0; d < depth; d++)
            {
                open.Append('(').Append(s_texts[random.Next(s_texts.Length)]).Append(',').Append(s_comments[random.Next(s_comments.Length)]);
            }

            string source = open.Append("1 /").Append(s_comments[0]).Append("2 / 3").Append(')', depth).ToString();
            Assert.Equal(depth, Scanned.Depth(source));
        }
    }

    private static int DepthOf(string source, ImmutableArray<Token> tokens)
    {
        int depth = 0;
        int deepest = 0;
        foreach (Token token in tokens)
        {
            if (token.Type is TokenType.RightBrace or TokenType.RightParenthesis or TokenType.RightBracket) depth--;
            if (token.Type == TokenType.Template && source[token.Start] == '}') depth--;
            if (token.Type is TokenType.LeftBrace or TokenType.LeftParenthesis or TokenType.LeftBracket) depth++;
            if (token.Type == TokenType.Template && source[token.End - 1] == '{') depth++;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    private static string Program(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(1, 5); i > 0; i--) Statement(text, random, 4);
        return text.ToString();
    }

    private static void Statement(StringBuilder text, Random random, int depth)
    {
        if (random.Next(4) == 0) text.Append(s_comments[random.Next(s_comments.Length)]);
        string form = depth == 0 ? "E;" : random.Next(19) switch
        {
            0 => "if (E) S else S",
            1 => "for (const v of E) S",
            2 => "while (E) { S }",
            3 => "{ S S }",
            4 => "function f() { S }\n",
            5 => "class A extends (E) { m() { S } static { S } p = E }\n",
            6 => "try { S } catch (e) { S } finally { S }\n",
            7 => "switch (E) { case E: { S } default: S }\n",
            8 => "lab: { S }\n",
            9 => "v = E\nv = () => { S }\n",
            10 => "async function g() { S }\n",
            11 => "do { S } while (E)\n",
            12 => "class B { m() { S } }\n",
            13 => "v\n{ S }\n",
            14 => "const { a, b: [c] = E } = E;",
            15 => "for (E; E; E) S",
            _ => "v = E;",
        };
        Fill(text, random, depth, form);
    }

    private static void Expression(StringBuilder text, Random random, int depth)
    {
        string form = depth == 0 ? random.Next(4) switch { 0 => "v", 1 => "1.5", 2 => "T", _ => "v.if" } : random.Next(22) switch
        {
            0 => "(E)",
            1 => "[E, E]",
            2 => "({ a: E, b: { c: E }, m() { S }, get: E, return: E })",
            3 => "`x${E}y${E}z`",
            4 => "(E) / (E)",
            5 => "v / E",
            6 => "(function () { S } / E)",
            7 => "((a) => E)",
            8 => "(E ? { a: E } : { b: E })",
            9 => "v[E] / v.return / E",
            10 => "(typeof E)",
            11 => "(class A { m() { S } } / E)",
            12 => "v.if(E) / v",
            13 => "(v++ / E)",
            14 => "((a) => { S })",
            15 => "(v = {} / E)",
            16 => "`${{ a: E }}` / E",
            _ => "T",
        };
        Fill(text, random, depth, form);
    }

    private static void Fill(StringBuilder text, Random random, int depth, string form)
    {
        foreach (char c in form)
        {
            if (c == 'E') Expression(text, random, Math.Max(0, depth - 1));
            else if (c == 'S') Statement(text, random, Math.Max(0, depth - 1));
            else if (c == 'T') text.Append(s_texts[random.Next(s_texts.Length)]);
            else text.Append(c);
        }
    }
}
