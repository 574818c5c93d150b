namespace Enclave.Guard;

/// <summary>A score with its reasons, or the reason why there is none.</summary>
public sealed record ScoreResult
{
    /// <summary>Creates a score.</summary>
    /// <param name="score">Range: 0 to 100.</param>
    /// <param name="signals">The reasons, in any order.</param>
    public ScoreResult(int score, IEnumerable<ScoreSignal> signals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(score);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(score, 100);
        ArgumentNullException.ThrowIfNull(signals);
        Score = score;
        IsScored = true;
        Signals =
        [
            .. signals.OrderByDescending((signal) => signal.Score)
                .ThenBy((signal) => signal.Location?.Offset ?? int.MaxValue)
                .ThenBy((signal) => signal.Id, StringComparer.Ordinal),
        ];
    }

    private ScoreResult(string reason)
    {
        Reason = reason;
        Signals = [];
    }

    /// <summary>True if there is a score. A script without a score is not harmless: its risk is unknown.</summary>
    public bool IsScored { get; }

    /// <summary>The score. Range: 0 to 100; 0 if <see cref="IsScored"/> is false.</summary>
    public int Score { get; }

    /// <summary>The meaning of <see cref="Score"/>: critical from 80, high from 60, medium from 40, low from 20.</summary>
    public RiskLevel RiskLevel => Score switch
    {
        >= 80 => RiskLevel.Critical,
        >= 60 => RiskLevel.High,
        >= 40 => RiskLevel.Medium,
        >= 20 => RiskLevel.Low,
        _ => RiskLevel.None,
    };

    /// <summary>The reasons: highest score first, then in the order of the text.</summary>
    public IReadOnlyList<ScoreSignal> Signals { get; }

    /// <summary>Why there is no score, or why a detailed scorer's score did not count; otherwise null.</summary>
    public string? Reason { get; init; }

    /// <summary>True if the scorer saw only a part of the script. The script itself can bring this about, so it is blocked at every level.</summary>
    internal bool IsPartial { get; init; }

    /// <summary>Creates a result without a score.</summary>
    /// <param name="reason">The reason, in one sentence without secrets.</param>
    public static ScoreResult Unscored(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new ScoreResult(reason);
    }

    /// <summary>The sum of the signals, at most 100.</summary>
    internal static ScoreResult Sum(IReadOnlyCollection<ScoreSignal> signals) => new(Math.Min(100, signals.Sum((signal) => signal.Score)), signals);
}
