namespace Enclave.Guard;

/// <summary>What the gate decided about one script.</summary>
/// <param name="Outcome">Whether it runs.</param>
/// <param name="Result">The score and its signals, or why there is none.</param>
/// <param name="Latency">From the question to the decision.</param>
/// <param name="IsCached">Whether the result was kept from an earlier script with the same code, policy and tools.</param>
public sealed record ScoreVerdict(ScoreOutcome Outcome, ScoreResult Result, TimeSpan Latency, bool IsCached)
{
    /// <summary>One sentence for people; null if the script is allowed for its score.</summary>
    public string? Reason { get; init; }
}
