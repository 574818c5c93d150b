namespace Enclave.Streaming.Filters;

/// <summary>
/// Parses regular expressions of JavaScript without the flag <c>u</c>. Returns null for invalid ones,
/// and for those that need lookahead, lookbehind or references.
/// </summary>
internal sealed class ExpressionParser(string pattern, PatternCasing casing)
{
    /// <summary>A count above this is treated as unlimited: no text is longer.</summary>
    private const int MaxCount = 100_000;

    private static readonly (char First, char Last)[] s_digit = [('0', '9')];
    private static readonly (char First, char Last)[] s_word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    private static readonly (char First, char Last)[] s_space = [('\t', '\r'), (' ', ' '), ('\u00a0', '\u00a0'), ('\u1680', '\u1680'),
        ('\u2000', '\u200a'), ('\u2028', '\u2029'), ('\u202f', '\u202f'), ('\u205f', '\u205f'), ('\u3000', '\u3000'), ('\ufeff', '\ufeff')];
    private static readonly (char First, char Last)[] s_lineEnd = [('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029')];

    private int _at;

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
        if (atom is null or ExpressionNode.Position || !TryCount(out int min, out int? max, out bool isWrong)) return atom;
        // Greedy or lazy makes no difference if only a match matters.
        Take('?');
        return isWrong ? null : new ExpressionNode.Repeat(atom, min, max);
    }

    private ExpressionNode? ReadAtom()
    {
        int at = _at;
        char next = pattern[_at++];
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
        if (Take('?') && !Take(':'))
        {
            int end = pattern.IndexOf('>', _at);
            if (!Take('<') || end <= _at || pattern[_at] is '=' or '!') return null;
            _at = end + 1;
        }

        return ReadChoice() is { } body && Take(')') ? body : null;
    }

    private ExpressionNode? ReadEscape()
    {
        if (IsAtEnd) return null;
        char escaped = pattern[_at++];
        if (ClassOf(escaped) is { } members) return Set(members, negated: false);
        return escaped switch
        {
            'b' => new ExpressionNode.Position(ExpressionStepKind.Boundary),
            'B' => new ExpressionNode.Position(ExpressionStepKind.NoBoundary),
            // References to groups need backtracking.
            (>= '1' and <= '9') or 'k' => null,
            _ => One(Character(escaped)),
        };
    }

    private ExpressionNode.Character? ReadClass()
    {
        bool negated = Take('^');
        var ranges = new List<(char First, char Last)>();
        while (!Take(']'))
        {
            if (!TryMember(out char first, out IEnumerable<(char, char)>? class1)) return null;
            // A hyphen next to a class does not form a range.
            if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
            {
                _at++;
                if (!TryMember(out char last, out IEnumerable<(char, char)>? class2)) return null;
                if (class1 is null && class2 is null)
                {
                    if (first > last) return null;
                    ranges.Add((first, last));
                    continue;
                }

                ranges.Add(('-', '-'));
                ranges.AddRange(class2 ?? [(last, last)]);
            }

            ranges.AddRange(class1 ?? [(first, first)]);
        }

        return Set(ranges, negated);
    }

    private bool TryMember(out char character, out IEnumerable<(char First, char Last)>? members)
    {
        (character, members) = ('\0', null);
        if (IsAtEnd) return false;
        character = pattern[_at++];
        if (character != '\\') return true;
        if (IsAtEnd) return false;
        char escaped = pattern[_at++];
        members = ClassOf(escaped);
        character = escaped == 'b' ? '\b' : Character(escaped);
        return true;
    }

    /// <summary>The character that an escape stands for; reads further characters if they belong to it.</summary>
    private char Character(char escaped)
    {
        switch (escaped)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case 'f': return '\f';
            case >= '0' and <= '7': return Octal();
            case 'x' when TryHex(2, out char two): return two;
            case 'u' when TryHex(4, out char four): return four;
            case 'c' when _at < pattern.Length && char.IsAsciiLetter(pattern[_at]): return (char)(pattern[_at++] & 31);
            case 'c':
                // The backslash stands for itself, and the letter is read again.
                _at--;
                return '\\';
            default: return escaped;
        }
    }

    /// <summary>Reads up to three octal digits, the first of which was already read, while the value fits a byte.</summary>
    private char Octal()
    {
        int value = pattern[_at - 1] - '0';
        for (int more = 0; more < 2 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7' && (value * 8) + pattern[_at] - '0' <= byte.MaxValue; more++)
            value = (value * 8) + pattern[_at++] - '0';
        return (char)value;
    }

    private bool TryHex(int digits, out char character)
    {
        int value = 0;
        character = '\0';
        if (pattern.Length - _at < digits) return false;
        foreach (char digit in pattern.AsSpan(_at, digits))
        {
            if (!char.IsAsciiHexDigit(digit)) return false;
            value = (value << 4) | Convert.ToInt32(digit.ToString(), 16);
        }

        _at += digits;
        character = (char)value;
        return true;
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

    private ExpressionNode.Character One(char character) => Set([(character, character)], negated: false);

    private ExpressionNode.Character Set(IEnumerable<(char First, char Last)> ranges, bool negated) => new(new CharacterSet(ranges, negated, casing));

    private static IEnumerable<(char First, char Last)>? ClassOf(char escaped) => escaped switch
    {
        'd' => s_digit,
        'D' => CharacterSet.Others(s_digit),
        'w' => s_word,
        'W' => CharacterSet.Others(s_word),
        's' => s_space,
        'S' => CharacterSet.Others(s_space),
        _ => null,
    };
}
