namespace Enclave.Broker.Filters;

/// <summary>Compiles a glob to steps.</summary>
internal ref struct GlobCompiler
{
    private readonly ReadOnlySpan<char> _pattern;
    private readonly List<GlobStep> _steps = [];
    private int _at;

    private GlobCompiler(string pattern) => _pattern = pattern;

    public static GlobStep[] Compile(string pattern)
    {
        var compiler = new GlobCompiler(pattern);
        compiler.Sequence(end: pattern.Length);
        compiler._steps.Add(new GlobStep(GlobStepKind.End));
        return [.. compiler._steps];
    }

    private void Sequence(int end)
    {
        while (_at < end)
        {
            char next = _pattern[_at++];
            switch (next)
            {
                case '*':
                    Stars(end);
                    break;
                case '?':
                    _steps.Add(new GlobStep(GlobStepKind.Any));
                    break;
                case '[':
                    ClassOrCharacter(end);
                    break;
                case '{':
                    AlternativesOrCharacter(end);
                    break;
                case '\\' when _at < end:
                    Character(_pattern[_at++]);
                    break;
                default:
                    Character(next);
                    break;
            }
        }
    }

    private readonly void Character(char character) => _steps.Add(new GlobStep(GlobStepKind.Character, character));

    private void Stars(int end)
    {
        int start = _at - 1;
        while (_at < end && _pattern[_at] == '*') _at++;
        bool opensSegment = start == 0 || _pattern[start - 1] == '/';
        bool closesSegment = _at == _pattern.Length || _pattern[_at] == '/';
        if (_at - start == 1)
        {
            // A segment of <c>*</c> must not match an empty one.
            if (opensSegment && closesSegment) _steps.Add(new GlobStep(GlobStepKind.Any));
            _steps.Add(new GlobStep(GlobStepKind.Star));
        }
        else if (opensSegment && _at < end && closesSegment)
        {
            // Any number of whole segments, including none.
            _at++;
            _steps.Add(new GlobStep(GlobStepKind.Split, Target: _steps.Count + 3));
            _steps.Add(new GlobStep(GlobStepKind.DoubleStar));
            Character('/');
        }
        else
        {
            _steps.Add(new GlobStep(GlobStepKind.DoubleStar));
        }
    }

    private void ClassOrCharacter(int end)
    {
        int at = _at;
        bool negated = at < end && _pattern[at] is '!' or '^';
        if (negated) at++;
        var ranges = new List<(char First, char Last)>();
        int first = at;
        while (at < end)
        {
            if (_pattern[at] == ']' && at > first)
            {
                _at = at + 1;
                _steps.Add(new GlobStep(GlobStepKind.Class, Class: new GlobClass(ranges, negated)));
                return;
            }

            char low = Member(ref at, end);
            bool isRange = at + 1 < end && _pattern[at] == '-' && _pattern[at + 1] != ']';
            if (isRange) at++;
            ranges.Add((low, isRange ? Member(ref at, end) : low));
        }

        Character('[');
    }

    private readonly char Member(ref int at, int end)
    {
        if (_pattern[at] == '\\' && at + 1 < end) at++;
        return _pattern[at++];
    }

    private void AlternativesOrCharacter(int end)
    {
        List<int> cuts = Cuts(end);
        // Braces around a single alternative are ordinary characters, as in a shell.
        if (cuts.Count < 2)
        {
            Character('{');
            return;
        }

        var jumps = new List<int>();
        for (int alternative = 0; alternative < cuts.Count; alternative++)
        {
            int split = _steps.Count;
            bool isLast = alternative == cuts.Count - 1;
            if (!isLast) _steps.Add(new GlobStep(GlobStepKind.Split));
            Sequence(cuts[alternative]);
            _at = cuts[alternative] + 1;
            if (isLast) break;
            jumps.Add(_steps.Count);
            _steps.Add(new GlobStep(GlobStepKind.Jump));
            _steps[split] = new GlobStep(GlobStepKind.Split, Target: _steps.Count);
        }

        foreach (int jump in jumps) _steps[jump] = new GlobStep(GlobStepKind.Jump, Target: _steps.Count);
    }

    /// <summary>The ends of the alternatives from here on, the last at the closing brace; empty if it is missing.</summary>
    private readonly List<int> Cuts(int end)
    {
        var cuts = new List<int>();
        int depth = 0;
        for (int at = _at; at < end; at++)
        {
            switch (_pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '{':
                    depth++;
                    break;
                case ',' when depth == 0:
                    cuts.Add(at);
                    break;
                case '}' when depth == 0:
                    cuts.Add(at);
                    return cuts;
                case '}':
                    depth--;
                    break;
            }
        }

        return [];
    }
}
