namespace Enclave.Guard.Scoring;

/// <summary>
/// How long one question to a scorer may take. A scorer that asks other scorers shares the time with them, so that its own fallback still works.
/// </summary>
/// <param name="time">The time for the whole question.</param>
/// <param name="clock">Measures it.</param>
internal sealed class ScorePatience(TimeSpan time, TimeProvider clock)
{
    private readonly long _since = clock.GetTimestamp();

    /// <summary>Waits for ever.</summary>
    public static ScorePatience Endless { get; } = new(Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <summary>True if a scorer did not answer in time.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends when every scorer has ended that did not answer in time.</summary>
    public Task Late { get; private set; } = Task.CompletedTask;

    private TimeSpan Left
    {
        get
        {
            if (time == Timeout.InfiniteTimeSpan) return time;
            TimeSpan left = time - clock.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Asks a scorer. If it does not answer in time, the script is unscored.</summary>
    public async ValueTask<ScoreResult> AskAsync(IScriptScorer scorer, ScoreRequest request, CancellationToken cancellationToken)
    {
        ValueTask<ScoreResult> asked = scorer.ScoreAsync(request, cancellationToken);
        // It applies the time limit to its own scorers.
        if (scorer is ProgressiveScorer) return await asked.ConfigureAwait(false);
        Task<ScoreResult> answer = asked.AsTask();
        try
        {
            return await answer.WaitAsync(Left, clock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            IsOver = true;
            Late = Task.WhenAll(Late, answer);
            return ScoreResult.Unscored($"the scorer did not answer within {time.TotalSeconds:0.###} s");
        }
    }
}
