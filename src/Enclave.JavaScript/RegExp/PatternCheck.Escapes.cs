using System.Buffers;

namespace Enclave.JavaScript.RegExp;

// AtomEscape, CharacterEscape and their kin (ECMA-262 22.2.1, B.1.2).
internal ref partial struct PatternCheck
{
    /// <summary>A backslash outside of classes: \b, \B, AtomEscape.</summary>
    private bool EscapedTerm()
    {
        int start = _at;
        switch (Peek(1))
        {
            case 'b' or 'B':
                _at += 2;
                return true;
            case 'k':
                return NamedReference(start) && Quantifier();
            case >= '1' and <= '9':
                NumberedReference();
                return Quantifier();
            default:
                return (IsCharacterClassEscape(Peek(1)) ? CharacterClassEscape(out _) : CharacterEscape(out _)) && Quantifier();
        }
    }

    /// <summary>DecimalEscape. In legacy mode a number above the count of groups is octal or a digit (B.1.2), never an error.</summary>
    private void NumberedReference()
    {
        int start = _at++;
        int number = 0;
        foreach (char digit in Digits()) number = (int)Math.Min((number * 10L) + (digit - '0'), int.MaxValue);
        if (number <= _largestReference) return;
        _largestReference = number;
        _largestReferenceAt = start;
    }

    private readonly bool IsCharacterClassEscape(char c) => c is 'd' or 'D' or 's' or 'S' or 'w' or 'W' || (c is 'p' or 'P' && !IsLegacy);

    private bool CharacterClassEscape(out ClassContent content)
    {
        content = ClassContent.Characters;
        if (Peek(1) is 'p' or 'P') return PropertyEscape(out content);
        _at += 2;
        return true;
    }

    /// <summary>CharacterEscape, and the value of the character.</summary>
    private bool CharacterEscape(out int value)
    {
        int start = _at;
        value = NoCharacter;
        if (start + 1 == _pattern.Length) return Fail(start, "'\\' is the pattern's end: what it escapes is missing");
        _at += 2;
        char c = _pattern[start + 1];
        switch (c)
        {
            case 'f' or 'n' or 'r' or 't' or 'v':
                value = c switch { 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\v' };
                return true;
            case 'c':
                return ControlLetter(start, out value);
            case >= '0' and <= '7':
                return Octal(start, out value);
            case 'x':
                if (TryHex(2, out value)) return true;
                return IsLegacy ? Itself(c, out value) : Fail(start, "after \\x two hexadecimal digits are missing");
            case 'u':
                if (IsLegacy ? TryHex(4, out value) : TryUnicodeEscape(out value)) return true;
                return IsLegacy ? Itself(c, out value) : Fail(start, "after \\u four hexadecimal digits or {X} up to {10FFFF} are missing");
            default:
                return IdentityEscape(start, out value);
        }
    }

    private static bool Itself(char c, out int value)
    {
        value = c;
        return true;
    }

    /// <summary>\c and a letter. In legacy mode a backslash before any other c is a character itself (B.1.2, ExtendedAtom and ClassAtomNoDash).</summary>
    private bool ControlLetter(int start, out int value)
    {
        value = Peek() & 0x1F;
        if (char.IsAsciiLetter(Peek()))
        {
            _at++;
            return true;
        }

        if (!IsLegacy) return Fail(start, $"after \\c a letter is missing: there stood {Found(_at)}");
        _at = start + 1;
        return Itself('\\', out value);
    }

    /// <summary>\0 without a digit behind it. In legacy mode LegacyOctalEscapeSequence (B.1.2, 12.9.4): at most three digits, at most \377.</summary>
    private bool Octal(int start, out int value)
    {
        value = _pattern[_at - 1] - '0';
        if (!IsLegacy)
        {
            if (value == 0 && !char.IsAsciiDigit(Peek())) return true;
            return Fail(start, $"with flag {Flag} there are no octal escapes; write \\xHH");
        }

        int most = value <= 3 ? 2 : 1;
        for (; most > 0 && Peek() is >= '0' and <= '7'; most--) value = (value << 3) | (_pattern[_at++] - '0');
        return true;
    }

    /// <summary>RegExpUnicodeEscapeSequence of UnicodeMode behind \u. An escaped pair of surrogates is one character. Moves only on success.</summary>
    private bool TryUnicodeEscape(out int value)
    {
        int start = _at;
        if (Eat('{'))
        {
            value = 0;
            int digits = _at;
            while (char.IsAsciiHexDigit(Peek()) && value <= 0x10FFFF) value = (value << 4) | HexValue(_pattern[_at++]);
            if (_at > digits && value <= 0x10FFFF && Eat('}')) return true;
            _at = start;
            return false;
        }

        if (!TryHex(4, out value)) return false;
        if (!char.IsHighSurrogate((char)value) || Peek() != '\\' || Peek(1) != 'u') return true;
        int lead = value;
        int end = _at;
        _at += 2;
        if (TryHex(4, out int trail) && char.IsLowSurrogate((char)trail)) value = char.ConvertToUtf32((char)lead, (char)trail);
        else _at = end;
        return true;
    }

    /// <summary>IdentityEscape: with u and v, syntax characters and '/'. In legacy mode all characters except c, and except k if \k is a reference.</summary>
    private bool IdentityEscape(int start, out int value)
    {
        char c = _pattern[start + 1];
        value = c;
        if (IsLegacy)
        {
            if (c != 'k') return true;
            _sawLegacyK = true;
            return _references == NamedReferences.Off || Fail(start, "\\k cannot stand in a class: it refers to a named group");
        }

        return c == '/' || s_syntaxCharacters.Contains(c) || Fail(start, $"with flag {Flag} '\\' before {Found(start + 1)} has no meaning");
    }
}
