namespace Enclave.Streaming.Filters;

/// <summary>A regular expression of JavaScript that only tells whether it matches.</summary>
/// <remarks>
/// All paths through it are followed at once, so matching costs at most the text's length times the number of steps. Nothing about a text is cached: .NET's
/// engine without backtracking caches its states, which took 1.5 GB for one pattern of 28 characters (ADR 25).
/// </remarks>
internal sealed class RegularExpression
{
    private readonly ExpressionStep[] _steps;

    private RegularExpression(ExpressionStep[] steps) => _steps = steps;

    /// <summary>Number of its steps.</summary>
    public int Steps => _steps.Length;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="maxSteps">Maximum number of steps.</param>
    /// <param name="isTooLarge">True if it would have more steps. If false without an expression, the pattern is
    /// invalid or needs lookahead, lookbehind or references.</param>
    public static RegularExpression? Compile(string pattern, PatternCasing casing, int maxSteps, out bool isTooLarge)
    {
        isTooLarge = false;
        if (new ExpressionParser(pattern, casing).Read() is not { } read) return null;
        ExpressionStep[]? steps = ExpressionCompiler.Compile(read, maxSteps);
        isTooLarge = steps is null;
        return steps is null ? null : new RegularExpression(steps);
    }

    /// <summary>Returns whether a part of a text matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isOver">Returns true if the time is over; called from time to time.</param>
    /// <param name="work">The number of steps taken.</param>
    public bool Matches(string text, Func<bool> isOver, out long work)
    {
        const int Often = 256;
        var now = new StateSet(_steps, text);
        var next = new StateSet(_steps, text);
        bool isAnchored = _steps[0].Kind == ExpressionStepKind.Start, matches = now.Add(0, 0);
        work = 0;
        for (int at = 0; at < text.Length && !matches; at++)
        {
            if (at % Often == Often - 1 && isOver()) break;
            for (int index = 0; index < now.Count && !matches; index++)
            {
                int place = now[index];
                if (_steps[place] is { Kind: ExpressionStepKind.Character, Set: { } set } && set.Contains(text[at])) matches = next.Add(place + 1, at + 1);
            }

            work += now.Count;
            if (!isAnchored && !matches) matches = next.Add(0, at + 1);
            (now, next) = (next, now);
            next.Clear();
            if (isAnchored && now.Count == 0) break;
        }

        return matches;
    }

    /// <summary>The set of steps that matching has reached, each once.</summary>
    private sealed class StateSet(ExpressionStep[] steps, string text)
    {
        private readonly int[] _places = new int[steps.Length];
        private readonly int[] _round = new int[steps.Length];
        // Each step adds at most two, and each only once.
        private readonly int[] _waiting = new int[(steps.Length * 2) + 1];
        private int _current = 1;

        public int Count { get; private set; }

        public int this[int index] => _places[index];

        public void Clear()
        {
            _current++;
            Count = 0;
        }

        /// <summary>Adds a step, and all steps that follow it without a character. Returns true if the end of the expression is among them.</summary>
        public bool Add(int first, int at)
        {
            int waiting = 0;
            _waiting[waiting++] = first;
            while (waiting > 0)
            {
                int place = _waiting[--waiting];
                if (_round[place] == _current) continue;
                _round[place] = _current;
                _places[Count++] = place;
                ref readonly ExpressionStep step = ref steps[place];
                if (step.Kind == ExpressionStepKind.Match) return true;
                if (step.Kind is ExpressionStepKind.Jump or ExpressionStepKind.Split) _waiting[waiting++] = step.Target;
                if (step.Kind == ExpressionStepKind.Split
                    || (step.Kind is not (ExpressionStepKind.Character or ExpressionStepKind.Jump) && Holds(step.Kind, at))) _waiting[waiting++] = place + 1;
            }

            return false;
        }

        private bool Holds(ExpressionStepKind kind, int at) => kind switch
        {
            ExpressionStepKind.Start => at == 0,
            ExpressionStepKind.End => at == text.Length,
            _ => (IsWord(at - 1) != IsWord(at)) == (kind == ExpressionStepKind.Boundary),
        };

        private bool IsWord(int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
    }
}
