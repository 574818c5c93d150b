namespace Enclave.Guard;

/// <summary>A rule of your own for <see cref="RuleBasedScorer"/>.</summary>
/// <param name="features">The features of the script's text.</param>
/// <returns>A signal, whose score is added; null for no signal. If the rule throws, the script is unscored.</returns>
public delegate ScoreSignal? ScoringRule(ScriptFeatures features);
