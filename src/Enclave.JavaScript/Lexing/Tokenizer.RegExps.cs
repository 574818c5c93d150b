using Enclave.JavaScript.RegExp;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>Regular expression literals (ECMA-262 12.9.5). The parser asks to read a slash again when a regular expression can stand there.</summary>
internal abstract partial class Tokenizer
{
    /// <summary>Replaces the current token, a slash or a division assignment, with the regular expression that it begins.</summary>
    public void ReadRegExp()
    {
        int close = FindRegExpEnd();
        if (close < 0) return;
        int end = close + 1;
        while (UnicodeIdentifier.IsPart(CodePointAt(end)) && end < Source.Length) end++;
        if (Peek(end) == '\\')
        {
            Fail(ParseErrorCode.RegExp, end, "The flags of a regular expression cannot be written with escapes");
            return;
        }

        ReadOnlySpan<char> pattern = Source.AsSpan(Token.Start + 1, close - Token.Start - 1);
        ReadOnlySpan<char> flags = Source.AsSpan(close + 1, end - close - 1);
        if (end - Token.Start > Options.MaxLiteralLength)
        {
            string message = $"The regular expression has {end - Token.Start:N0} UTF-16 units; the limit is {Options.MaxLiteralLength:N0}";
            Fail(ParseErrorCode.TooLong, Token.Start, message);
            return;
        }

        if (RegExpSyntax.Check(pattern, flags) is { } fault)
        {
            int part = fault.Part == RegExpPart.Flags ? close + 1 : Token.Start + 1;
            Fail(ParseErrorCode.RegExp, Math.Min(part + fault.Offset, Source.Length), fault.Message);
            return;
        }

        Token.RegExpPattern = pattern.ToString();
        Token.RegExpFlags = Names.Text(flags);
        Token.Type = TokenType.RegExp;
        Token.End = Token.Position = end;
    }

    private int FindRegExpEnd()
    {
        bool inClass = false;
        for (int at = Token.Start + 1; at < Source.Length; at++)
        {
            char c = Source[at];
            if (c == '\\') c = Peek(++at) is var escaped && LineEnds.Contains(escaped) ? escaped : '\\';
            if (at >= Source.Length || LineEnds.Contains(c)) break;
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            else if (c == '/' && !inClass) return at;
        }

        Fail(ParseErrorCode.RegExp, Token.Start, "The regular expression that begins here is not closed on its line");
        return -1;
    }
}
