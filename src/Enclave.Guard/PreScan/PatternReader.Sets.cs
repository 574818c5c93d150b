using Enclave.JavaScript.Lexing;

namespace Enclave.Guard.PreScan;

/// <summary>Classes and escapes.</summary>
internal ref partial struct PatternReader
{
    private RegexNode ReadEscapedTerm(int start)
    {
        char c = Peek(0);
        if (c is 'b' or 'B')
        {
            _at++;
            return new RegexNode(RegexNodeKind.Anchor, start);
        }

        if (c is >= '1' and <= '9')
        {
            while (char.IsAsciiDigit(Peek(0))) _at++;
            return new RegexNode(RegexNodeKind.BackReference, start);
        }

        if (c == 'k' && Peek(1) == '<')
        {
            int length = _pattern[_at..].IndexOf('>');
            _at = length < 0 ? _pattern.Length : _at + length + 1;
            return new RegexNode(RegexNodeKind.BackReference, start);
        }

        return OfSet(ReadEscape(out _), start);
    }

    // Starts behind the opening bracket. Differences and intersections of the v flag are read as unions, which contain them.
    private CharSet ReadClass()
    {
        bool negated = Peek(0) == '^';
        if (negated) _at++;
        CharSet set = default;
        int open = 1;
        while (_at < _pattern.Length)
        {
            char c = _pattern[_at];
            if (c == ']' && --open == 0)
            {
                _at++;
                break;
            }

            if (_sets && c == '[') open++;
            if (c == ']' || (_sets && c == '[')) _at++;
            else set = set.Union(ReadMember());
        }

        return negated ? (_ignoresCase ? set.IgnoringCase() : set).Complement() : set;
    }

    private CharSet ReadMember()
    {
        CharSet set = ReadClassAtom(out int first);
        if (first < 0 || Peek(0) != '-' || Peek(1) is ']' or '\0') return set;
        int hyphen = _at++;
        CharSet end = ReadClassAtom(out int last);
        if (last >= first) return CharSet.Range(first, last);
        // Not a range: the hyphen is a character of the class.
        set.Add(_pattern[hyphen]);
        return set.Union(end);
    }

    private CharSet ReadClassAtom(out int character)
    {
        char c = _pattern[_at++];
        if (c == '\\') return ReadEscape(out character);
        character = c;
        if (char.IsHighSurrogate(c) && char.IsLowSurrogate(Peek(0))) character = char.ConvertToUtf32(c, _pattern[_at++]);
        CharSet set = default;
        set.Add(character);
        return set;
    }

    /// <summary>Reads the part of an escape behind its backslash.</summary>
    /// <param name="character">The code point, or -1 if it is a class of characters.</param>
    private CharSet ReadEscape(out int character)
    {
        character = -1;
        char c = Peek(0);
        if (_at < _pattern.Length) _at++;
        switch (c)
        {
            case 'd':
                return CharSet.Digits;
            case 'D':
                return CharSet.Digits.Complement();
            case 'w':
                return CharSet.Word;
            case 'W':
                return CharSet.Word.Complement();
            case 's':
                return CharSet.Space;
            case 'S':
                return CharSet.Space.Complement();
            case 'p' or 'P' when Peek(0) == '{':
                int length = _pattern[_at..].IndexOf('}');
                _at = length < 0 ? _pattern.Length : _at + length + 1;
                return CharSet.All;
            default:
                character = ReadEscapedCharacter(c);
                CharSet set = default;
                set.Add(character);
                return set;
        }
    }

    private int ReadEscapedCharacter(char c)
    {
        switch (c)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'b':
                return '\b';
            case '0':
                return 0;
            case 'x':
                return ReadHex(2, c);
            case 'u' when Peek(0) == '{':
                _at++;
                int codePoint = ReadHex(6, c);
                if (Peek(0) == '}') _at++;
                return codePoint;
            case 'u':
                return ReadHex(4, c);
            default:
                return c;
        }
    }

    private int ReadHex(int most, char fallback)
    {
        int value = 0;
        int read = 0;
        while (read < most && CharacterTable.HexValue(Peek(0)) is >= 0 and int digit)
        {
            value = (value << 4) | digit;
            read++;
            _at++;
        }

        return read == 0 ? fallback : value;
    }
}
