namespace Enclave.Guard;

/// <summary>What the gate does with a script.</summary>
public enum ScoreOutcome
{
    /// <summary>It runs.</summary>
    Allowed,

    /// <summary>It runs, and its score reached <see cref="ScoringOptions.WarnThreshold"/>.</summary>
    Warned,

    /// <summary>It does not run: <c>SCORING_BLOCKED</c>.</summary>
    Blocked,
}
