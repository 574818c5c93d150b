namespace Enclave.JavaScript.Matching;

/// <summary>Parses patterns (ECMA-262, 22.2.1; without the flag <c>u</c> also Annex B.1.2). Null for invalid ones, and for references to groups.</summary>
internal sealed partial class ExpressionParser(string pattern, RegularExpressionOptions options)
{
    /// <summary>A larger count is treated as this one: no expression may have as many steps.</summary>
    private const int MaxCount = 100_000_000;

    private const int MaxNesting = 100;

    private readonly bool _isUnicode = options.HasFlag(RegularExpressionOptions.Unicode);
    private int _at, _depth;

    /// <summary>True if nothing was read because groups are nested too deep.</summary>
    public bool IsTooDeep { get; private set; }

    private bool IsAtEnd => _at >= pattern.Length;

    public ExpressionNode? Read() => ReadChoice() is { } all && IsAtEnd ? all : null;

    private ExpressionNode? ReadChoice()
    {
        var parts = new List<ExpressionNode>();
        do
        {
            if (ReadSequence() is not { } part) return null;
            parts.Add(part);
        }
        while (Take('|'));

        return parts.Count == 1 ? parts[0] : new ExpressionNode.Choice(parts);
    }

    private ExpressionNode.Sequence? ReadSequence()
    {
        var parts = new List<ExpressionNode>();
        while (!IsAtEnd && pattern[_at] is not ('|' or ')'))
        {
            if (ReadTerm() is not { } part) return null;
            parts.Add(part);
        }

        return new ExpressionNode.Sequence(parts);
    }

    private ExpressionNode? ReadTerm()
    {
        ExpressionNode? atom = ReadAtom();
        // A condition on a position cannot be repeated, so a quantifier after it is an error.
        if (atom is null or ExpressionNode.Position or ExpressionNode.Look || !TryCount(out int min, out int? max, out bool isWrong)) return atom;
        // Greedy or lazy makes no difference if only a match matters.
        Take('?');
        return isWrong ? null : new ExpressionNode.Repeat(atom, min, max);
    }

    private ExpressionNode? ReadAtom()
    {
        int at = _at;
        int next = ReadCharacter();
        switch (next)
        {
            case '^': return new ExpressionNode.Position(ExpressionStepKind.Start);
            case '$': return new ExpressionNode.Position(ExpressionStepKind.End);
            case '.': return Set(s_lineEnd, negated: true);
            case '(': return ReadGroup();
            case '[': return ReadClass();
            case '\\': return ReadEscape();
            case '*' or '+' or '?': return null;
            case '{':
                _at = at;
                if (TryCount(out _, out _, out _)) return null;
                _at = at + 1;
                return One(next);
            default: return One(next);
        }
    }

    /// <summary>Reads a group. Its name is dropped, because only a match matters.</summary>
    private ExpressionNode? ReadGroup()
    {
        LookDirection direction = LookDirection.Ahead;
        ExpressionStepKind? look = null;
        if (Take('?') && !Take(':'))
        {
            if (Take('<')) direction = LookDirection.Behind;
            look = Take('=') ? ExpressionStepKind.Look : Take('!') ? ExpressionStepKind.NoLook : null;
            if (look is null && (direction == LookDirection.Ahead || !TakeName())) return null;
        }

        if (++_depth > MaxNesting)
        {
            IsTooDeep = true;
            return null;
        }

        if (ReadChoice() is not { } body || !Take(')')) return null;
        _depth--;
        return look is { } kind ? new ExpressionNode.Look(body, direction, kind) : body;
    }

    private bool TakeName()
    {
        int at = _at;
        while (!IsAtEnd && (char.IsLetterOrDigit(pattern[_at]) || pattern[_at] is '$' or '_')) _at++;
        return _at > at && Take('>');
    }

    /// <summary>Reads a repetition count, if there is one here.</summary>
    private bool TryCount(out int min, out int? max, out bool isWrong)
    {
        (min, max, isWrong) = (0, null, false);
        if (Take('*')) return true;
        if (Take('+'))
        {
            min = 1;
            return true;
        }

        if (Take('?'))
        {
            max = 1;
            return true;
        }

        int at = _at;
        if (Take('{') && TryNumber(out min))
        {
            max = min;
            if (Take(',')) max = TryNumber(out int most) ? most : null;
            isWrong = max < min;
            if (Take('}')) return true;
        }

        _at = at;
        return false;
    }

    private bool TryNumber(out int number)
    {
        int at = _at;
        number = 0;
        while (_at < pattern.Length && char.IsAsciiDigit(pattern[_at])) number = Math.Min(MaxCount, (number * 10) + pattern[_at++] - '0');
        return _at > at;
    }

    private bool Take(char expected)
    {
        if (IsAtEnd || pattern[_at] != expected) return false;
        _at++;
        return true;
    }

    /// <summary>Reads a character of the pattern: with the flag <c>u</c> a code point.</summary>
    private int ReadCharacter()
    {
        char character = pattern[_at++];
        return _isUnicode && !IsAtEnd && char.IsSurrogatePair(character, pattern[_at]) ? char.ConvertToUtf32(character, pattern[_at++]) : character;
    }

    private ExpressionNode.Character One(int character) => Set([(character, character)], negated: false);

    private ExpressionNode.Character Set(IEnumerable<(int First, int Last)> ranges, bool negated) =>
        new(new CharacterSet(ranges, negated, options));
}
