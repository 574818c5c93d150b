namespace Enclave.Guard;

/// <summary>Asks the rules first, and a slower scorer only about scripts that look risky.</summary>
public sealed class ProgressiveScorer : IScriptScorer
{
    private readonly IScriptScorer _detailed;
    private readonly IScriptScorer _fast;

    /// <summary>Combines two scorers.</summary>
    /// <param name="detailed">The slower one.</param>
    /// <param name="fast">The first one. Default: null, which creates a <see cref="RuleBasedScorer"/>.</param>
    public ProgressiveScorer(IScriptScorer detailed, IScriptScorer? fast = null)
    {
        ArgumentNullException.ThrowIfNull(detailed);
        _detailed = detailed;
        _fast = fast ?? new RuleBasedScorer();
    }

    /// <summary>The lowest fast score for which the detailed scorer is asked. Range: 0 to 100. Default: 30, as in the JavaScript product.</summary>
    public int EscalateAt
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            field = value;
        }
    } = 30;

    /// <summary>How the two scores are combined. Default: <see cref="ScoreCombination.Max"/>, as in the JavaScript product.</summary>
    public ScoreCombination Combination { get; init; }

    /// <inheritdoc/>
    public async ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        ScoreResult fast = await request.Patience.AskAsync(_fast, request, cancellationToken).ConfigureAwait(false);
        if (!fast.IsScored || fast.Score < EscalateAt) return fast;
        ScoreResult detailed;
        try
        {
            detailed = await request.Patience.AskAsync(_detailed, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            detailed = ScoreResult.Unscored($"the detailed scorer threw {fault.GetType().Name}");
        }

        if (detailed.IsPartial) return detailed;
        return detailed.IsScored ? Combine(fast, detailed) : fast with { Reason = detailed.Reason };
    }

    private ScoreResult Combine(ScoreResult fast, ScoreResult detailed)
    {
        int score = Combination switch
        {
            ScoreCombination.Average => (fast.Score + detailed.Score + 1) / 2,
            ScoreCombination.Replace => detailed.Score,
            _ => Math.Max(fast.Score, detailed.Score),
        };
        IEnumerable<ScoreSignal> signals = fast.Signals.Concat(detailed.Signals).GroupBy((signal) => signal.Id, StringComparer.Ordinal)
            .Select((same) => same.MaxBy((signal) => signal.Score)!);
        return new ScoreResult(score, signals);
    }
}
