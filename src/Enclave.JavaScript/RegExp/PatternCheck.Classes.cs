namespace Enclave.JavaScript.RegExp;

// CharacterClass and NonemptyClassRanges (ECMA-262 22.2.1, B.1.2).
internal ref partial struct PatternCheck
{
    private bool CharacterClass()
    {
        if (_mode == RegExpMode.UnicodeSets) return NestedClass(out _);
        int start = _at++;
        Eat('^');
        while (!Eat(']'))
        {
            if (AtEnd) return ClassNotClosed(start);
            int first = _at;
            if (!ClassAtom(out int low)) return false;
            // A dash before the end of the class is a character.
            if (Peek() != '-' || Peek(1) == ']') continue;
            _at++;
            if (AtEnd) return ClassNotClosed(start);
            if (!ClassAtom(out int high) || !IsRange(first, low, high)) return false;
        }

        return true;
    }

    private bool ClassNotClosed(int start) => Fail(start, "the class is not closed: ']' is missing");

    /// <summary>The early errors of NonemptyClassRanges (22.2.1.1). In B.1.2 a dash beside a class escape is a character.</summary>
    private bool IsRange(int first, int low, int high)
    {
        if (low == NoCharacter || high == NoCharacter)
        {
            return IsLegacy || Fail(first, "a range goes from one character to another, and here one side stands for many");
        }

        return low <= high || Fail(first, $"the range '{Shorten(_pattern[first.._at])}' is out of order");
    }

    /// <summary>ClassAtom, and its value if it is one character.</summary>
    private bool ClassAtom(out int value)
    {
        if (_pattern[_at] == '\\') return ClassEscape(out value);
        value = NextCharacter();
        return true;
    }

    private bool ClassEscape(out int value)
    {
        char c = Peek(1);
        value = NoCharacter;
        if (IsCharacterClassEscape(c)) return CharacterClassEscape(out _);
        switch (c)
        {
            case 'b':
                _at += 2;
                return Itself('\b', out value);
            case '-' when !IsLegacy:
                _at += 2;
                return Itself('-', out value);
            // B.1.2, ClassControlLetter: in a class, digits and '_' are allowed too.
            case 'c' when IsLegacy && (char.IsAsciiDigit(Peek(2)) || Peek(2) == '_'):
                value = Peek(2) & 0x1F;
                _at += 3;
                return true;
            default:
                return CharacterEscape(out value);
        }
    }
}
