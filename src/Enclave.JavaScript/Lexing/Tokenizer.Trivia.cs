using System.Buffers;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>White space, line ends and comments (ECMA-262 12.2 to 12.5, Annex B.1.1).</summary>
internal abstract partial class Tokenizer
{
    /// <summary>The start of the next token from an offset on. Does not read the token.</summary>
    public int PeekToken(int from, out bool newline)
    {
        newline = false;
        int at = from;
        while (at < Source.Length)
        {
            char c = Source[at];
            if (c == '/' && Peek(at + 1) == '/')
            {
                at = LineEndFrom(at);
            }
            else if (c == '/' && Peek(at + 1) == '*')
            {
                int close = Source.AsSpan(at + 2).IndexOf("*/");
                if (close < 0) return at;
                newline |= Source.AsSpan(at + 2, close).ContainsAny(LineEnds.Set);
                at += close + 4;
            }
            else if (LineEnds.Contains(c))
            {
                newline = true;
                at++;
            }
            else if (c is ' ' or '\t' or '\v' or '\f' || CharacterTable.IsWideSpace(c))
            {
                at++;
            }
            else
            {
                return at;
            }
        }

        return at;
    }

    /// <summary>Moves to the next token; false if the text is malformed.</summary>
    private bool SkipTrivia()
    {
        string source = Source;
        int at = Token.Position;
        while ((uint)at < (uint)source.Length)
        {
            char c = source[at];
            if (c == ' ')
            {
                at++;
            }
            else if (c == '\n')
            {
                Token.NewlineBefore = true;
                at++;
            }
            else if (c is > '/' and < (char)128)
            {
                if (c != '<' || !IsHtmlOpen(at)) break;
                at = SkipLineComment(at, CommentKind.Html);
            }
            else if (!SkipRareTrivia(c, ref at))
            {
                break;
            }
        }

        if (Failed) return false;
        Token.Position = at;
        return true;
    }

    private bool SkipRareTrivia(char c, ref int at)
    {
        switch (c)
        {
            case '\r':
            case '\u2028':
            case '\u2029':
                Token.NewlineBefore = true;
                at++;
                return true;
            case '\t':
            case '\v':
            case '\f':
                at++;
                return true;
            case '/' when Peek(at + 1) == '/':
                at = SkipLineComment(at, CommentKind.Line);
                return true;
            case '/' when Peek(at + 1) == '*':
                return SkipBlockComment(ref at);
            case '-' when IsHtmlClose(at):
                at = SkipLineComment(at, CommentKind.Html);
                return true;
            default:
                if (!CharacterTable.IsWideSpace(c)) return false;
                at++;
                return true;
        }
    }

    // 12.5: only as the very first characters of the text.
    private void SkipHashbang()
    {
        if (Peek(0) == '#' && Peek(1) == '!') Token.Position = SkipLineComment(0, CommentKind.Hashbang);
    }

    private bool IsHtmlOpen(int at) => Options.Goal == SourceGoal.Script && Source.AsSpan(at).StartsWith("<!--");

    private bool IsHtmlClose(int at) => Token.NewlineBefore && Options.Goal == SourceGoal.Script && Source.AsSpan(at).StartsWith("-->");

    private int SkipLineComment(int at, CommentKind kind)
    {
        int end = LineEndFrom(at);
        if ((Options.Keep & Keep.Comments) != 0) Comments.Add(new Comment(kind, at, end));
        return end;
    }

    private bool SkipBlockComment(ref int at)
    {
        int close = Source.AsSpan(at + 2).IndexOf("*/");
        if (close < 0)
        {
            Fail(ParseErrorCode.Token, at, "The comment that begins here is not closed");
            return false;
        }

        // A comment over several lines counts as a line end (12.4).
        if (!Token.NewlineBefore) Token.NewlineBefore = Source.AsSpan(at + 2, close).ContainsAny(LineEnds.Set);
        int end = at + close + 4;
        if ((Options.Keep & Keep.Comments) != 0) Comments.Add(new Comment(CommentKind.Block, at, end));
        at = end;
        return true;
    }

    private int LineEndFrom(int at)
    {
        int length = Source.AsSpan(at).IndexOfAny(LineEnds.Set);
        return length < 0 ? Source.Length : at + length;
    }
}
