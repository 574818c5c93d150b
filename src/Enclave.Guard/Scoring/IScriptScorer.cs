namespace Enclave.Guard;

/// <summary>Scores scripts. All threads share one instance.</summary>
public interface IScriptScorer
{
    /// <summary>Scores one script.</summary>
    /// <param name="request">The script to score.</param>
    /// <param name="cancellationToken">Ends the work when no caller waits any more.</param>
    /// <returns>A score, or <see cref="ScoreResult.Unscored"/>. An exception counts as unscored.</returns>
    ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken);
}
