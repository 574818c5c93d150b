namespace Enclave.Guard;

/// <summary>A rule of your own for <see cref="RuleBasedScorer"/>.</summary>
/// <param name="features">What the script's text shows.</param>
/// <returns>A signal, whose score is added; null if the rule has nothing to say. What it throws makes the script unscored.</returns>
public delegate ScoreSignal? ScoringRule(ScriptFeatures features);
