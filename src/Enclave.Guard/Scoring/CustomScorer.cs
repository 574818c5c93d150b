namespace Enclave.Guard;

/// <summary>A scorer that calls a delegate: the documented <c>customScorer</c>.</summary>
/// <param name="score">Scores one script.</param>
public sealed class CustomScorer(Func<ScoreRequest, CancellationToken, ValueTask<ScoreResult>> score) : IScriptScorer
{
    private readonly Func<ScoreRequest, CancellationToken, ValueTask<ScoreResult>> _score = score ?? throw new ArgumentNullException(nameof(score));

    /// <inheritdoc/>
    public ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) => _score(request, cancellationToken);
}
