namespace Enclave.JavaScript.RegExp;

// Disjunction, Alternative, Term and Quantifier (ECMA-262 22.2.1, B.1.2).
internal ref partial struct PatternCheck
{
    /// <summary>Reads the whole pattern.</summary>
    public bool Run()
    {
        while (!AtEnd)
        {
            if (!Term()) return false;
        }

        if (_groupDepth > 0) return Fail(_open[_groupDepth].Start, "the group is not closed: ')' is missing");
        return References();
    }

    private bool Term()
    {
        int literals = _pattern[_at..].IndexOfAny(s_syntaxCharacters);
        if (literals != 0)
        {
            _at = literals < 0 ? _pattern.Length : _at + literals;
            return Quantifier();
        }

        char c = _pattern[_at];
        switch (c)
        {
            case '|':
                NextAlternative();
                return true;
            case '(':
                return OpenGroup();
            case ')':
                return CloseGroup();
            case '^' or '$':
                _at++;
                return true;
            case '\\':
                return EscapedTerm();
            case '[':
                return CharacterClass() && Quantifier();
            case '.':
                _at++;
                return Quantifier();
            case '*' or '+' or '?':
                return Fail(_at, $"there is nothing before '{c}' that it could repeat");
            default:
                return Brace() && Quantifier();
        }
    }

    /// <summary>Braces and ']' without a partner: ExtendedPatternCharacter and InvalidBracedQuantifier of B.1.2.</summary>
    private bool Brace()
    {
        char c = _pattern[_at];
        if (!IsLegacy) return Fail(_at, $"'{c}' stands alone: with flag {Flag} write '\\{c}' for the character");
        int start = _at;
        if (c == '{' && TryBounds(out _, out _)) return Fail(start, $"there is nothing before '{Shorten(_pattern[start.._at])}' that it could repeat");
        _at = start + 1;
        return true;
    }

    /// <summary>An optional Quantifier after an atom.</summary>
    private bool Quantifier()
    {
        switch (Peek())
        {
            case '*' or '+' or '?':
                _at++;
                break;
            case '{':
                int start = _at;
                if (!TryBounds(out ReadOnlySpan<char> least, out ReadOnlySpan<char> most))
                {
                    if (!IsLegacy) return Fail(start, "the quantifier is incomplete: expected {n}, {n,} or {n,m}");
                    // B.1.2: a brace that is not a quantifier is a character, the next term.
                    _at = start;
                    return true;
                }

                if (IsLess(most, least)) return Fail(start, "the numbers of the quantifier are out of order");
                break;
            default:
                return true;
        }

        Eat('?');
        return true;
    }

    /// <summary>Reads {n}, {n,} or {n,m} and moves past it, or returns false.</summary>
    private bool TryBounds(out ReadOnlySpan<char> least, out ReadOnlySpan<char> most)
    {
        _at++;
        least = most = Digits();
        if (least.IsEmpty) return false;
        if (Eat(','))
        {
            most = Digits();
            // Without an upper bound no order can be wrong.
            if (most.IsEmpty) most = least;
        }

        return Eat('}');
    }

    private ReadOnlySpan<char> Digits()
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek())) _at++;
        return _pattern[start.._at];
    }

    /// <summary>Compares numbers of any length by their digits.</summary>
    private static bool IsLess(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length < right.Length : left.SequenceCompareTo(right) < 0;
    }

    private void NextAlternative()
    {
        _at++;
        if (_names is null) return;
        ref OpenGroup group = ref _open[_groupDepth];
        _names.Reopen(group.AlternativeName);
        group = group with { AlternativeName = _names.Count };
    }

    /// <summary>22.2.1.1: references must name a group that exists, before or behind them.</summary>
    private bool References()
    {
        if (!IsLegacy && _largestReference > _captures)
        {
            return Fail(_largestReferenceAt, $"there is no group {_largestReference}: the pattern has {_captures} capturing groups");
        }

        int missing = _names?.FirstMissing() ?? -1;
        return missing < 0 || Fail(missing, "the reference names a group that does not exist");
    }

    private readonly char Flag => _mode == RegExpMode.UnicodeSets ? 'v' : 'u';
}
