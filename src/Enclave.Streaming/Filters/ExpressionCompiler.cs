namespace Enclave.Streaming.Filters;

/// <summary>Compiles a regular expression to steps. A counted repetition has its steps as often as its count.</summary>
internal sealed class ExpressionCompiler(int maxSteps)
{
    private readonly List<ExpressionStep> _steps = [];
    private int _work;

    /// <summary>The steps; null if there are too many.</summary>
    public static ExpressionStep[]? Compile(ExpressionNode root, int maxSteps)
    {
        var compiler = new ExpressionCompiler(maxSteps);
        if (!compiler.TryAdd(root)) return null;
        compiler._steps.Add(new ExpressionStep(ExpressionStepKind.Match));
        return [.. compiler._steps];
    }

    private bool TryAdd(ExpressionNode node)
    {
        // Empty parts have no steps but cost work, and the pattern's author chooses how often they are repeated.
        if (++_work > maxSteps * 2 || _steps.Count >= maxSteps) return false;
        switch (node)
        {
            case ExpressionNode.Character character:
                _steps.Add(new ExpressionStep(ExpressionStepKind.Character, character.Set));
                return true;
            case ExpressionNode.Position place:
                _steps.Add(new ExpressionStep(place.Kind));
                return true;
            case ExpressionNode.Sequence sequence: return sequence.Parts.All(TryAdd);
            case ExpressionNode.Choice choice: return TryAddChoice(choice);
            case ExpressionNode.Repeat repeat: return TryAddRepeat(repeat);
            default: return false;
        }
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
