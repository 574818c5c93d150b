namespace Enclave.JavaScript.Matching;

/// <summary>Compiles a regular expression to steps. A counted repetition has its steps as often as its count.</summary>
internal sealed class ExpressionCompiler(int maxSteps)
{
    private const int MaxLooks = 16;

    private readonly Dictionary<ExpressionNode.Look, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<LookAround> _looks = [];
    private List<ExpressionStep> _steps = [];
    private LookDirection _direction = LookDirection.Behind;
    private int _work, _stepsElsewhere;

    /// <summary>The steps of the expression itself.</summary>
    public ExpressionStep[] Main { get; private set; } = [];

    /// <summary>Its lookarounds, those inside others first.</summary>
    public IReadOnlyList<LookAround> Looks => _looks;

    /// <summary>Compiles it; false if there are too many steps or lookarounds.</summary>
    public bool TryCompile(ExpressionNode root)
    {
        if (!TryAdd(root) || _steps.Count + _stepsElsewhere >= maxSteps) return false;
        Main = [.. _steps, new ExpressionStep(ExpressionStepKind.Match)];
        return true;
    }

    private bool TryAdd(ExpressionNode node)
    {
        // Empty parts have no steps but cost work, and the pattern's author chooses how often they are repeated.
        if (++_work > maxSteps * 2L || _steps.Count + _stepsElsewhere >= maxSteps) return false;
        switch (node)
        {
            case ExpressionNode.Character character:
                _steps.Add(new ExpressionStep(ExpressionStepKind.Character, character.Set));
                return true;
            case ExpressionNode.Position place:
                _steps.Add(new ExpressionStep(place.Kind));
                return true;
            case ExpressionNode.Sequence sequence:
                return _direction == LookDirection.Ahead ? sequence.Parts.Reverse().All(TryAdd) : sequence.Parts.All(TryAdd);
            case ExpressionNode.Choice choice: return TryAddChoice(choice);
            case ExpressionNode.Repeat repeat: return TryAddRepeat(repeat);
            case ExpressionNode.Look look: return TryAddLook(look);
            default: return false;
        }
    }

    private bool TryAddLook(ExpressionNode.Look look)
    {
        // A repeated one is the same one each time.
        if (!_numbers.TryGetValue(look, out int number))
        {
            if (_numbers.Count == MaxLooks || !TryAddBody(look)) return false;
            number = _numbers[look] = _looks.Count - 1;
        }

        _steps.Add(new ExpressionStep(look.Kind, Target: number));
        return true;
    }

    private bool TryAddBody(ExpressionNode.Look look)
    {
        (List<ExpressionStep> around, LookDirection direction) = (_steps, _direction);
        (_steps, _direction) = ([], look.Direction);
        _stepsElsewhere += around.Count;
        if (!TryAdd(look.Body)) return false;
        _steps.Add(new ExpressionStep(ExpressionStepKind.Match));
        _looks.Add(new LookAround([.. _steps], look.Direction));
        _stepsElsewhere += _steps.Count - around.Count;
        (_steps, _direction) = (around, direction);
        return true;
    }

    private bool TryAddChoice(ExpressionNode.Choice choice)
    {
        var ends = new List<int>();
        for (int i = 0; i < choice.Parts.Count; i++)
        {
            bool isLast = i == choice.Parts.Count - 1;
            int split = isLast ? -1 : Reserve();
            if (!TryAdd(choice.Parts[i])) return false;
            if (isLast) continue;
            ends.Add(Reserve());
            _steps[split] = new ExpressionStep(ExpressionStepKind.Split, Target: _steps.Count);
        }

        foreach (int end in ends) _steps[end] = new ExpressionStep(ExpressionStepKind.Jump, Target: _steps.Count);
        return true;
    }

    private bool TryAddRepeat(ExpressionNode.Repeat repeat)
    {
        for (int i = 0; i < repeat.Min; i++)
        {
            if (!TryAdd(repeat.Body)) return false;
        }

        if (repeat.Max is not { } max)
        {
            int split = Reserve();
            if (!TryAdd(repeat.Body)) return false;
            _steps.Add(new ExpressionStep(ExpressionStepKind.Jump, Target: split));
            _steps[split] = new ExpressionStep(ExpressionStepKind.Split, Target: _steps.Count);
            return true;
        }

        var splits = new List<int>();
        for (int i = repeat.Min; i < max; i++)
        {
            splits.Add(Reserve());
            if (!TryAdd(repeat.Body)) return false;
        }

        foreach (int split in splits) _steps[split] = new ExpressionStep(ExpressionStepKind.Split, Target: _steps.Count);
        return true;
    }

    /// <summary>Adds a step whose target is not known yet.</summary>
    private int Reserve()
    {
        _steps.Add(default);
        return _steps.Count - 1;
    }
}
