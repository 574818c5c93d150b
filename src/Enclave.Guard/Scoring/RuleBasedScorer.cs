using Enclave.Guard.Scoring;
using Enclave.JavaScript;

namespace Enclave.Guard;

/// <summary>Scores by fixed rules over the text (docs/scoring.md), and by rules of your own.</summary>
public sealed class RuleBasedScorer : IScriptScorer
{
    private readonly ImmutableArray<ScoringRule> _rules;

    /// <summary>Creates a scorer with the fixed rules and rules of your own.</summary>
    /// <param name="rules">Rules of your own; they run after the fixed ones. Default: none.</param>
    public RuleBasedScorer(params IEnumerable<ScoringRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules];
        if (_rules.Contains(null!)) throw new ArgumentException("one of the rules is null", nameof(rules));
    }

    /// <summary>Scores a script by the fixed rules.</summary>
    /// <param name="code">The script.</param>
    /// <param name="language">The language of the text. Default: JavaScript, or else TypeScript.</param>
    /// <returns>The score; <see cref="ScoreResult.Unscored"/> if the text is not a program.</returns>
    public static ScoreResult Score(string code, SourceLanguage language = SourceLanguage.Either) => Score(new ScoreRequest(code, language), []);

    /// <inheritdoc/>
    public ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Score(request, _rules));
    }

    private static ScoreResult Score(ScoreRequest request, ImmutableArray<ScoringRule> rules)
    {
        if (request.Features is not { } features) return ScoreResult.Unscored($"the text is not a program: {request.Fault}");
        var signals = new List<ScoreSignal>();
        foreach (ScoringRule rule in FixedRules.All)
        {
            if (rule(features) is { } signal) signals.Add(signal);
        }

        foreach (ScoringRule rule in rules)
        {
            if (rule(features) is { } signal) signals.Add(signal);
        }

        return ScoreResult.Sum(signals);
    }
}
