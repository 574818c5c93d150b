using System.Collections;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Matching;

/// <summary>A regular expression of JavaScript that only says whether a text matches. Its author cannot choose how time and memory grow.</summary>
/// <remarks>
/// All paths through it are followed at once: the work is at most its steps times the text's characters, and as much again for each lookahead and
/// lookbehind. Memory is a few bytes for each step, and a bit for each character and lookaround. Nothing about a text is kept: .NET's engine without
/// backtracking keeps its states, which took 1.5 GB for one pattern of 28 characters (ADR 25). References to groups are not read. Thread-safe.
/// </remarks>
public sealed class RegularExpression
{
    private readonly RegularExpressionOptions _flags;
    private readonly ExpressionStep[] _steps;
    private readonly LookAround[] _looks;

    private RegularExpression(RegularExpressionOptions options, ExpressionCompiler compiled)
    {
        _flags = options;
        _steps = compiled.Main;
        _looks = [.. compiled.Looks];
        Steps = _steps.Length + _looks.Sum((look) => look.Steps.Length);
    }

    /// <summary>Number of its steps. A counted repetition has its steps as often as its count.</summary>
    public int Steps { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The pattern, without slashes.</param>
    /// <param name="options">Its options.</param>
    /// <param name="maxSteps">Maximum number of steps.</param>
    /// <param name="isTooLarge">True if it would have more steps, more than 16 lookarounds, or groups nested deeper than 100. If false without an
    /// expression, the pattern is invalid or needs references to groups.</param>
    public static RegularExpression? Compile(string pattern, RegularExpressionOptions options, int maxSteps, out bool isTooLarge)
    {
        isTooLarge = false;
        var parser = new ExpressionParser(pattern, options);
        if (parser.Read() is not { } read)
        {
            isTooLarge = parser.IsTooDeep;
            return null;
        }

        var compiler = new ExpressionCompiler(maxSteps);
        isTooLarge = !compiler.TryCompile(read);
        return isTooLarge ? null : new RegularExpression(options, compiler);
    }

    /// <summary>True if a part of the text matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="meter">Gets the work: one step of it for each step that is reached at a character.</param>
    /// <exception cref="WorkLimitException">The work took too much CPU time.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public bool IsIn(string text, WorkMeter meter)
    {
        var found = new BitArray[_looks.Length];
        // Inner lookarounds come first.
        for (int i = 0; i < _looks.Length; i++)
        {
            found[i] = new BitArray(text.Length + 1);
            var scan = new Scan(_looks[i].Steps, text, _flags, found, meter);
            if (_looks[i].Direction == LookDirection.Ahead) scan.Backwards(found[i]);
            else scan.Forwards(found[i]);
        }

        return new Scan(_steps, text, _flags, found, meter).Forwards(null);
    }

    /// <summary>One way through a text, with all steps that are reached.</summary>
    /// <param name="found">For each lookaround the places where it matches.</param>
    private sealed class Scan(ExpressionStep[] steps, string text, RegularExpressionOptions options, BitArray[] found, WorkMeter meter)
    {
        private readonly bool _readsPairs = options.HasFlag(RegularExpressionOptions.Unicode);
        private readonly int[] _round = new int[steps.Length];
        // Each step adds at most two, and each only once.
        private readonly int[] _waiting = new int[(steps.Length * 2) + 1];
        private int[] _now = new int[steps.Length], _next = new int[steps.Length];
        private int _nowCount, _nextCount, _current = 1;
        private bool _matches;

        /// <summary>Looks for a match that starts anywhere. Without places it ends at the first; otherwise it notes where one ends.</summary>
        public bool Forwards(BitArray? places)
        {
            bool isAnchored = steps[0].Kind == ExpressionStepKind.Start;
            for (int at = 0; ;)
            {
                if (!isAnchored || at == 0) Add(0, at);
                if (places is not null) Note(at, places);
                if (_matches || at == text.Length || (isAnchored && _nextCount == 0)) return _matches;
                int character = text[at++];
                if (_readsPairs && at < text.Length && char.IsSurrogatePair((char)character, text[at]))
                    character = char.ConvertToUtf32((char)character, text[at++]);
                Read(character, at);
            }
        }

        /// <summary>Notes each place where a match begins. The steps are those of the pattern from its end.</summary>
        public void Backwards(BitArray places)
        {
            for (int at = text.Length; ;)
            {
                Add(0, at);
                Note(at, places);
                if (at == 0) return;
                int character = text[--at];
                if (_readsPairs && at > 0 && char.IsSurrogatePair(text[at - 1], (char)character))
                    character = char.ConvertToUtf32(text[--at], (char)character);
                Read(character, at);
            }
        }

        private void Note(int at, BitArray places)
        {
            places[at] = _matches;
            _matches = false;
        }

        /// <summary>Goes from all steps that were reached over a character, to a place.</summary>
        private void Read(int character, int at)
        {
            (_now, _next, _nowCount, _nextCount) = (_next, _now, _nextCount, 0);
            _current++;
            foreach (int place in _now.AsSpan(0, _nowCount))
            {
                meter.Step();
                if (steps[place].Set!.Contains(character)) Add(place + 1, at);
            }
        }

        /// <summary>Adds a step, and all steps that follow it without a character.</summary>
        private void Add(int first, int at)
        {
            int waiting = 0;
            _waiting[waiting++] = first;
            while (waiting > 0)
            {
                int place = _waiting[--waiting];
                if (_round[place] == _current) continue;
                meter.Step();
                _round[place] = _current;
                ref readonly ExpressionStep step = ref steps[place];
                switch (step.Kind)
                {
                    case ExpressionStepKind.Character:
                        _next[_nextCount++] = place;
                        break;
                    case ExpressionStepKind.Match:
                        _matches = true;
                        break;
                    case ExpressionStepKind.Jump:
                        _waiting[waiting++] = step.Target;
                        break;
                    case ExpressionStepKind.Split:
                        _waiting[waiting++] = step.Target;
                        _waiting[waiting++] = place + 1;
                        break;
                    default:
                        if (Holds(step, at)) _waiting[waiting++] = place + 1;
                        break;
                }
            }
        }

        private bool Holds(ExpressionStep step, int at) => step.Kind switch
        {
            ExpressionStepKind.Start => at == 0,
            ExpressionStepKind.End => at == text.Length,
            ExpressionStepKind.Look => found[step.Target][at],
            ExpressionStepKind.NoLook => !found[step.Target][at],
            _ => (IsWord(at - 1) != IsWord(at)) == (step.Kind == ExpressionStepKind.Boundary),
        };

        private bool IsWord(int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
    }
}
