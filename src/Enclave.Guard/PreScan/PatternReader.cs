using Enclave.JavaScript.Lexing;

namespace Enclave.Guard.PreScan;

/// <summary>Reads a pattern into the parts that matter for backtracking. Invalid syntax is read as characters.</summary>
internal ref partial struct PatternReader(ReadOnlySpan<char> pattern, ReadOnlySpan<char> flags)
{
    private const int MaxDepth = 50;
    private readonly ReadOnlySpan<char> _pattern = pattern;
    private readonly bool _ignoresCase = flags.Contains('i');
    private readonly bool _dotAll = flags.Contains('s');
    private readonly bool _sets = flags.Contains('v');
    private int _at;
    private int _depth;

    /// <summary>The parts of the pattern. Null if its groups are nested too deep.</summary>
    public RegexNode? Read()
    {
        var root = new RegexNode(RegexNodeKind.Sequence, 0);
        while (_at < _pattern.Length)
        {
            RegexNode? part = ReadAlternatives();
            if (part is null) return null;
            root.Children.Add(part);
            // A closing parenthesis without an opening one.
            if (_at < _pattern.Length) _at++;
        }

        root.Link();
        return root;
    }

    private RegexNode? ReadAlternatives()
    {
        int start = _at;
        RegexNode? first = ReadSequence();
        if (first is null || Peek(0) != '|') return first;
        var alternation = new RegexNode(RegexNodeKind.Alternation, start);
        alternation.Children.Add(first);
        while (Peek(0) == '|')
        {
            _at++;
            if (ReadSequence() is not { } next) return null;
            alternation.Children.Add(next);
        }

        return alternation;
    }

    private RegexNode? ReadSequence()
    {
        var sequence = new RegexNode(RegexNodeKind.Sequence, _at);
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            int start = _at;
            RegexNode? term = ReadTerm();
            if (term is null) return null;
            bool quantified = ReadQuantifier(out int min, out int max);
            if (quantified && (min, max) != (1, 1))
            {
                var repeat = new RegexNode(RegexNodeKind.Repeat, start) { Min = min, Max = max };
                repeat.Children.Add(term);
                if (max > 0) sequence.Children.Add(repeat);
            }
            else if (term.Kind == RegexNodeKind.Sequence)
            {
                // A group that is not repeated becomes part of the sequence around it.
                sequence.Children.AddRange(term.Children);
            }
            else
            {
                sequence.Children.Add(term);
            }
        }

        return sequence;
    }

    private RegexNode? ReadTerm()
    {
        int start = _at;
        char c = _pattern[_at++];
        switch (c)
        {
            case '(':
                return ReadGroup(start);
            case '^' or '$':
                return new RegexNode(RegexNodeKind.Anchor, start);
            case '.':
                return RegexNode.OfSet(_dotAll ? CharSet.All : CharSet.Dot, start);
            case '[':
                return OfSet(ReadClass(), start);
            case '\\':
                return ReadEscapedTerm(start);
            default:
                CharSet set = default;
                set.Add(c);
                return OfSet(set, start);
        }
    }

    private readonly RegexNode OfSet(in CharSet set, int start) => RegexNode.OfSet(_ignoresCase ? set.IgnoringCase() : set, start);

    private RegexNode? ReadGroup(int start)
    {
        if (++_depth > MaxDepth) return null;
        bool looks = SkipGroupPrefix();
        RegexNode? inner = ReadAlternatives();
        _depth--;
        if (Peek(0) == ')') _at++;
        if (!looks || inner is null) return inner;
        var lookaround = new RegexNode(RegexNodeKind.Lookaround, start);
        lookaround.Children.Add(inner);
        return lookaround;
    }

    /// <summary>Skips the prefix of a group behind its parenthesis and question mark. Returns true for a lookaround.</summary>
    private bool SkipGroupPrefix()
    {
        if (Peek(0) != '?') return false;
        char kind = Peek(1);
        char next = Peek(2);
        if (kind is '=' or '!' || (kind == '<' && next is '=' or '!'))
        {
            _at += kind == '<' ? 3 : 2;
            return true;
        }

        // A name ends with '>'. Modifiers, as in (?i-s:, end with ':'.
        char end = kind == '<' ? '>' : ':';
        int length = _pattern[_at..].IndexOf(end);
        if (length >= 0) _at += length + 1;
        return false;
    }

    private bool ReadQuantifier(out int min, out int max)
    {
        (min, max) = (1, 1);
        switch (Peek(0))
        {
            case '*':
                (min, max) = (0, int.MaxValue);
                break;
            case '+':
                max = int.MaxValue;
                break;
            case '?':
                min = 0;
                break;
            case '{' when TryReadBounds(out min, out max):
                break;
            default:
                return false;
        }

        _at++;
        if (Peek(0) == '?') _at++;
        return true;
    }

    // Leaves the position at the closing brace.
    private bool TryReadBounds(out int min, out int max)
    {
        int at = _at + 1;
        max = 1;
        if (!ReadCount(ref at, out min)) return false;
        max = min;
        if (at < _pattern.Length && _pattern[at] == ',')
        {
            at++;
            if (!ReadCount(ref at, out max)) max = int.MaxValue;
        }

        if (at >= _pattern.Length || _pattern[at] != '}')
        {
            (min, max) = (1, 1);
            return false;
        }

        _at = at;
        return true;
    }

    private readonly bool ReadCount(ref int at, out int count)
    {
        const int Most = 1_000_000;
        int start = at;
        for (count = 0; at < _pattern.Length && char.IsAsciiDigit(_pattern[at]); at++) count = Math.Min((count * 10) + _pattern[at] - '0', Most);
        return at > start;
    }

    private readonly char Peek(int offset) => _at + offset < _pattern.Length ? _pattern[_at + offset] : '\0';
}
