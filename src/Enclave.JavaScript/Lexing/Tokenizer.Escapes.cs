namespace Enclave.JavaScript.Lexing;

/// <summary>Escapes in strings and templates (ECMA-262 12.9.4 and 12.9.6).</summary>
internal abstract partial class Tokenizer
{
    private enum Escape : byte
    {
        Character,
        LineContinuation,

        /// <summary>An octal escape, \8 or \9: only in strings of sloppy code (12.9.4.1).</summary>
        Legacy,
        Malformed,
    }

    /// <summary>Reads the rest of an escape behind its backslash, and moves past it.</summary>
    private Escape ReadEscape(ref int at, out int codePoint)
    {
        char c = Peek(at);
        codePoint = c;
        switch (c)
        {
            case 'n': codePoint = '\n'; break;
            case 't': codePoint = '\t'; break;
            case 'r': codePoint = '\r'; break;
            case 'b': codePoint = '\b'; break;
            case 'v': codePoint = '\v'; break;
            case 'f': codePoint = '\f'; break;
            case 'x':
                at++;
                return ReadHexEscape(ref at, out codePoint) ? Escape.Character : Escape.Malformed;
            case 'u':
                at++;
                return ReadUnicodeEscape(ref at, out codePoint) ? Escape.Character : Escape.Malformed;
            case '\r' when Peek(at + 1) == '\n':
                at += 2;
                return Escape.LineContinuation;
            case '\n' or '\r' or '\u2028' or '\u2029':
                at++;
                return Escape.LineContinuation;
            case >= '0' and <= '9':
                return ReadDigitEscape(ref at, out codePoint);
            default:
                codePoint = CodePointAt(at);
                at += codePoint > 0xFFFF ? 2 : 1;
                return Escape.Character;
        }

        at++;
        return Escape.Character;
    }

    private Escape ReadDigitEscape(ref int at, out int codePoint)
    {
        char c = Source[at];
        codePoint = c - '0';
        if (c == '0' && !CharacterTable.Is(Peek(at + 1), CharacterTable.Digit))
        {
            at++;
            return Escape.Character;
        }

        at++;
        if (c >= '8')
        {
            codePoint = c;
            return Escape.Legacy;
        }

        // Up to three digits, up to 377.
        int most = c <= '3' ? 2 : 1;
        while (most-- > 0 && Peek(at) is >= '0' and <= '7') codePoint = (codePoint * 8) + Source[at++] - '0';
        return Escape.Legacy;
    }

    private bool ReadHexEscape(ref int at, out int codePoint)
    {
        codePoint = 0;
        return ReadHexDigits(ref at, 2, ref codePoint);
    }

    /// <summary>Reads the rest of an escape behind \u.</summary>
    private bool ReadUnicodeEscape(ref int at, out int codePoint)
    {
        codePoint = 0;
        if (Peek(at) != '{') return ReadHexDigits(ref at, 4, ref codePoint);
        int digits = at + 1;
        int end = digits;
        while (CharacterTable.HexValue(Peek(end)) is >= 0 and int digit)
        {
            codePoint = (codePoint * 16) + digit;
            if (codePoint > 0x10FFFF) return false;
            end++;
        }

        if (end == digits || Peek(end) != '}') return false;
        at = end + 1;
        return true;
    }

    private bool ReadHexDigits(ref int at, int count, ref int value)
    {
        for (int i = 0; i < count; i++)
        {
            int digit = CharacterTable.HexValue(Peek(at));
            if (digit < 0) return false;
            value = (value * 16) + digit;
            at++;
        }

        return true;
    }

    private void FailAtEscape(int backslash)
    {
        string message = Peek(backslash + 1) switch
        {
            'x' => "The escape \\x needs two hexadecimal digits",
            'u' => "The escape \\u needs four hexadecimal digits, or up to 10FFFF in braces",
            _ => "Octal escapes cannot stand in a template",
        };
        Fail(ParseErrorCode.Token, backslash, message);
    }
}
