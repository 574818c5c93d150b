using System.Globalization;

namespace Enclave.JavaScript.Lexing;

/// <summary>Numbers and big integers (ECMA-262 12.9.3).</summary>
internal abstract partial class Tokenizer
{
    private void ScanNumber()
    {
        string source = Source;
        int at = Token.Position;
        Token.LegacyAt = -1;
        long value = 0;
        while ((uint)at < (uint)source.Length && (uint)(source[at] - '0') <= 9 && at - Token.Position < 16) value = (value * 10) + source[at++] - '0';
        char next = Peek(at);
        bool leadingZero = source[Token.Position] == '0' && at - Token.Position > 1;
        if (next is '.' or '_' or '\\' or >= (char)128 || CharacterTable.Is(next, CharacterTable.IdentifierPart) || leadingZero || at == Token.Position)
        {
            ScanNumberSlowly();
            return;
        }

        Token.NumberValue = value;
        Token.Type = TokenType.Number;
        Token.Position = at;
    }

    private void ScanNumberSlowly()
    {
        Token.Type = TokenType.Number;
        int at = Token.Position;
        char prefix = (char)(Peek(at + 1) | 0x20);
        int radix = Peek(at) != '0' ? 10 : prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (radix != 10) ScanRadixNumber(radix);
        else if (Peek(at) == '0' && CharacterTable.Is(Peek(at + 1), CharacterTable.Digit)) ScanLegacyNumber();
        else ScanDecimalNumber();
        if (Failed) return;
        if (Token.Position - Token.Start > Options.MaxLiteralLength)
        {
            Fail(ParseErrorCode.TooLong, Token.Start, $"The number has {Token.Position - Token.Start:N0} digits; the limit is {Options.MaxLiteralLength:N0}");
        }
        else if (IsPartAt(Token.Position) || CharacterTable.Is(Peek(Token.Position), CharacterTable.Digit))
        {
            Fail(ParseErrorCode.Token, Token.Position, "A name or a digit cannot stand directly behind a number");
        }
    }

    // 0x, 0o, 0b.
    private void ScanRadixNumber(int radix)
    {
        int digits = Token.Position + 2;
        int end = ReadDigits(digits, radix);
        if (end < 0) return;
        if (end == digits)
        {
            Fail(ParseErrorCode.Token, Token.Position, $"A digit of base {radix} is missing behind {Source.AsSpan(Token.Position, 2)}");
            return;
        }

        ReadOnlySpan<char> text = Source.AsSpan(digits, end - digits);
        Token.Position = end;
        if (Peek(end) == 'n')
        {
            Token.Position++;
            FoundBigInt(Source.AsSpan(Token.Start, end - Token.Start));
        }
        else
        {
            Token.NumberValue = RadixNumber.Value(text, radix);
        }
    }

    // Annex B.1.1 of editions before 2016, now 12.9.3: 017, and 089, which is decimal.
    private void ScanLegacyNumber()
    {
        Token.LegacyAt = Token.Start;
        int end = Token.Start;
        bool octal = true;
        while (CharacterTable.Is(Peek(end), CharacterTable.Digit)) octal &= Source[end++] < '8';
        if (octal)
        {
            Token.NumberValue = RadixNumber.Value(Source.AsSpan(Token.Start, end - Token.Start), 8);
            Token.Position = end;
            return;
        }

        end = ReadFraction(end);
        if (end >= 0) FoundDecimal(end);
    }

    private void ScanDecimalNumber()
    {
        int end = Token.Position;
        if (Source[end] == '.')
        {
            end = ReadFraction(end);
            if (end >= 0) FoundDecimal(end);
            return;
        }

        // No separator may follow a leading 0.
        if (Source[end] == '0' && Peek(end + 1) == '_')
        {
            Fail(ParseErrorCode.Token, end + 1, "A separator cannot stand behind a leading 0");
            return;
        }

        end = ReadDigits(end, 10);
        if (end < 0) return;
        if (Peek(end) == 'n')
        {
            Token.Position = end + 1;
            FoundBigInt(Source.AsSpan(Token.Start, end - Token.Start));
            return;
        }

        end = ReadFraction(end);
        if (end >= 0) FoundDecimal(end);
    }

    /// <summary>Reads an optional fraction and an optional exponent. Returns their end, or -1 if they are malformed.</summary>
    private int ReadFraction(int at)
    {
        if (Peek(at) == '.')
        {
            at++;
            if (Peek(at) == '_')
            {
                FailAtSeparator(at);
                return -1;
            }

            at = ReadDigits(at, 10);
            if (at < 0) return -1;
        }

        if ((Peek(at) | 0x20) != 'e') return at;
        at++;
        if (Peek(at) is '+' or '-') at++;
        if (CharacterTable.Is(Peek(at), CharacterTable.Digit)) return ReadDigits(at, 10);
        Fail(ParseErrorCode.Token, at, "The exponent has no digits");
        return -1;
    }

    /// <summary>Reads digits with separators between them. Returns their end, or -1 if a separator is misplaced.</summary>
    private int ReadDigits(int at, int radix)
    {
        int from = at;
        while (true)
        {
            char c = Peek(at);
            if (c == '_')
            {
                if (at == from || Source[at - 1] == '_' || CharacterTable.HexValue(Peek(at + 1)) is < 0 || CharacterTable.HexValue(Peek(at + 1)) >= radix)
                {
                    FailAtSeparator(at);
                    return -1;
                }
            }
            else if (CharacterTable.HexValue(c) is < 0 || CharacterTable.HexValue(c) >= radix)
            {
                return at;
            }

            at++;
        }
    }

    private void FoundDecimal(int end)
    {
        Token.NumberValue = double.Parse(WithoutSeparators(Source.AsSpan(Token.Start, end - Token.Start)), NumberStyles.Float, CultureInfo.InvariantCulture);
        _buffer.Clear();
        Token.Position = end;
    }

    private void FoundBigInt(ReadOnlySpan<char> text)
    {
        Token.Type = TokenType.BigInt;
        Token.StringValue = WithoutSeparators(text).ToString();
        _buffer.Clear();
    }

    private ReadOnlySpan<char> WithoutSeparators(ReadOnlySpan<char> text)
    {
        if (!text.Contains('_')) return text;
        _buffer.Clear();
        foreach (char c in text)
        {
            if (c != '_') _buffer.Append(c);
        }

        return _buffer.Text;
    }

    private void FailAtSeparator(int at) => Fail(ParseErrorCode.Token, at, "A separator can stand only between two digits");
}
