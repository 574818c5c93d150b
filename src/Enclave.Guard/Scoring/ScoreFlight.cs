using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard.Scoring;

/// <summary>One request to the scorer, and the callers that wait for its answer.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A source without timer or handle holds nothing to free, and its disposal would race with whoever leaves last.")]
internal sealed class ScoreFlight
{
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource<ScoreResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of callers that wait. The gate's lock guards it.</summary>
    public int Waiters { get; set; } = 1;

    public Task<ScoreResult> Answer => _answer.Task;

    /// <summary>
    /// Cancelled when the last caller stops waiting, or when the scorer's time is over. The first to leave does not take the answer from the others.
    /// </summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Callbacks of the scorer may throw or block, so they run elsewhere.</summary>
    public void Abandon() => _ = _abandoned.CancelAsync();

    public void Complete(ScoreResult result) => _answer.TrySetResult(result);
}
