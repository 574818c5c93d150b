namespace Enclave.Guard;

/// <summary>The gate's decision on one script.</summary>
/// <param name="Outcome">The decision.</param>
/// <param name="Result">The score and its signals, or the reason why there is none.</param>
/// <param name="Latency">The time from the question to the decision.</param>
/// <param name="IsCached">True if the result comes from an earlier script with the same code, policy and tools.</param>
public sealed record ScoreVerdict(ScoreOutcome Outcome, ScoreResult Result, TimeSpan Latency, bool IsCached)
{
    /// <summary>The reason in one sentence; null if the score allows the script.</summary>
    public string? Reason { get; init; }
}
