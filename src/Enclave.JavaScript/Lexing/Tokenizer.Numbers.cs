using System.Globalization;

namespace Enclave.JavaScript.Lexing;

/// <summary>Numbers and big integers (ECMA-262 12.9.3).</summary>
internal abstract partial class Tokenizer
{
    /// <summary>The value of the current number.</summary>
    private protected double NumberValue;

    private void ScanNumber()
    {
        string source = Source;
        int at = _position;
        LegacyAt = -1;
        long value = 0;
        while ((uint)at < (uint)source.Length && (uint)(source[at] - '0') <= 9 && at - _position < 16) value = (value * 10) + source[at++] - '0';
        char next = Peek(at);
        bool leadingZero = source[_position] == '0' && at - _position > 1;
        if (next is '.' or '_' or '\\' or >= (char)128 || CharacterTable.Is(next, CharacterTable.IdentifierPart) || leadingZero || at == _position)
        {
            ScanNumberSlowly();
            return;
        }

        NumberValue = value;
        Type = TokenType.Number;
        _position = at;
    }

    private void ScanNumberSlowly()
    {
        Type = TokenType.Number;
        int at = _position;
        char prefix = (char)(Peek(at + 1) | 0x20);
        int radix = Peek(at) != '0' ? 10 : prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (radix != 10) ScanRadixNumber(radix);
        else if (Peek(at) == '0' && CharacterTable.Is(Peek(at + 1), CharacterTable.Digit)) ScanLegacyNumber();
        else ScanDecimalNumber();
        if (Failed) return;
        if (_position - Start > Options.MaxLiteralLength)
        {
            Fail(ParseErrorCode.TooLong, Start, $"The number has {_position - Start:N0} digits; the limit is {Options.MaxLiteralLength:N0}");
        }
        else if (IsPartAt(_position) || CharacterTable.Is(Peek(_position), CharacterTable.Digit))
        {
            Fail(ParseErrorCode.Token, _position, "A name or a digit cannot stand directly behind a number");
        }
    }

    // 0x, 0o, 0b.
    private void ScanRadixNumber(int radix)
    {
        int digits = _position + 2;
        int end = ReadDigits(digits, radix);
        if (end < 0) return;
        if (end == digits)
        {
            Fail(ParseErrorCode.Token, _position, $"A digit of base {radix} is missing behind {Source.AsSpan(_position, 2)}");
            return;
        }

        ReadOnlySpan<char> text = Source.AsSpan(digits, end - digits);
        _position = end;
        if (Peek(end) == 'n')
        {
            _position++;
            FoundBigInt(Source.AsSpan(Start, end - Start));
        }
        else
        {
            NumberValue = RadixNumber.Value(text, radix);
        }
    }

    // Annex B.1.1 of editions before 2016, now 12.9.3: 017, and 089, which is decimal.
    private void ScanLegacyNumber()
    {
        LegacyAt = Start;
        int end = Start;
        bool octal = true;
        while (CharacterTable.Is(Peek(end), CharacterTable.Digit)) octal &= Source[end++] < '8';
        if (octal)
        {
            NumberValue = RadixNumber.Value(Source.AsSpan(Start, end - Start), 8);
            _position = end;
            return;
        }

        end = ReadFraction(end);
        if (end >= 0) FoundDecimal(end);
    }

    private void ScanDecimalNumber()
    {
        int end = _position;
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
            _position = end + 1;
            FoundBigInt(Source.AsSpan(Start, end - Start));
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
        NumberValue = double.Parse(WithoutSeparators(Source.AsSpan(Start, end - Start)), NumberStyles.Float, CultureInfo.InvariantCulture);
        _buffer.Clear();
        _position = end;
    }

    private void FoundBigInt(ReadOnlySpan<char> text)
    {
        Type = TokenType.BigInt;
        StringValue = WithoutSeparators(text).ToString();
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
