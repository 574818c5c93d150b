using Enclave.JavaScript.Text;

namespace Enclave.Broker.Filters;

/// <summary>
/// A glob over paths: <c>*</c> and <c>?</c> stop at a slash, <c>**</c> does not, braces hold alternatives, brackets a class;
/// a dot at the start of a segment is only matched by a dot.
/// </summary>
/// <remarks>All paths through the pattern are followed at once, so matching costs at most the text's length times the pattern's.</remarks>
internal sealed class Glob(string pattern)
{
    private readonly GlobStep[] _steps = GlobCompiler.Compile(pattern);

    /// <exception cref="WorkLimitException">The meter's time is over.</exception>
    public bool Matches(ReadOnlySpan<char> text, WorkMeter meter) => Matches(text, meter, out _);

    /// <param name="text">The text.</param>
    /// <param name="meter">Bounds the time.</param>
    /// <param name="work">The number of steps taken.</param>
    internal bool Matches(ReadOnlySpan<char> text, WorkMeter meter, out long work)
    {
        var now = new StateSet(_steps);
        var next = new StateSet(_steps);
        now.Add(0);
        work = 0;
        for (int at = 0; at < text.Length && now.Count > 0; at++)
        {
            char character = text[at];
            bool isHidden = character == '.' && (at == 0 || text[at - 1] == '/');
            for (int index = 0; index < now.Count; index++)
            {
                int place = now[index];
                work++;
                meter.Step();
                if (!Takes(_steps[place], character, isHidden)) continue;
                next.Add(_steps[place].Kind is GlobStepKind.Star or GlobStepKind.DoubleStar ? place : place + 1);
            }

            (now, next) = (next, now);
            next.Clear();
        }

        return now.Contains(_steps.Length - 1);
    }

    private static bool Takes(in GlobStep step, char character, bool isHidden) => step.Kind switch
    {
        GlobStepKind.Character => character == step.Character,
        GlobStepKind.Any or GlobStepKind.Star => character != '/' && !isHidden,
        GlobStepKind.Class => character != '/' && !isHidden && step.Class!.Contains(character),
        GlobStepKind.DoubleStar => !isHidden,
        _ => false,
    };

    /// <summary>The set of steps that matching has reached, each once.</summary>
    private sealed class StateSet(GlobStep[] steps)
    {
        private readonly int[] _places = new int[steps.Length];
        private readonly int[] _round = new int[steps.Length];
        private readonly Stack<int> _waiting = [];
        private int _current = 1;

        public int Count { get; private set; }

        public int this[int index] => _places[index];

        public bool Contains(int place) => _round[place] == _current;

        public void Clear()
        {
            _current++;
            Count = 0;
        }

        /// <summary>Adds a step, and all steps that follow it without a character.</summary>
        public void Add(int first)
        {
            _waiting.Push(first);
            while (_waiting.TryPop(out int place))
            {
                if (_round[place] == _current) continue;
                _round[place] = _current;
                _places[Count++] = place;
                GlobStep step = steps[place];
                if (step.Kind is GlobStepKind.Jump or GlobStepKind.Split) _waiting.Push(step.Target);
                if (step.Kind is GlobStepKind.Split or GlobStepKind.Star or GlobStepKind.DoubleStar) _waiting.Push(place + 1);
            }
        }
    }
}
