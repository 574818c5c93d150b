namespace Enclave.Guard;

/// <summary>The scorer that the gate asks, and the gate's decision by its answer.</summary>
public sealed record ScoringOptions
{
    private const int DefaultWarnThreshold = 40;

    private readonly int? _warnThreshold;

    /// <summary>The scorer. Default: <see cref="RuleBasedScorer"/> without rules of your own.</summary>
    /// <remarks>The documented <c>customScorer</c> is a <see cref="CustomScorer"/> here. The results of every scorer are cached.</remarks>
    public IScriptScorer Scorer { get; init; } = new RuleBasedScorer();

    /// <summary>The lowest score that prevents a script from running. Range: 0 to 101; 101 blocks none. Default: 70, as in the JavaScript product.</summary>
    public int BlockThreshold { get; init; } = 70;

    /// <summary>
    /// The lowest score that gives a warning. Range: 0 to <see cref="BlockThreshold"/>. Default: 40, as in the JavaScript product, or
    /// <see cref="BlockThreshold"/> if that is lower.
    /// </summary>
    public int WarnThreshold
    {
        get => _warnThreshold ?? Math.Min(DefaultWarnThreshold, BlockThreshold);
        init => _warnThreshold = value;
    }

    /// <summary>
    /// Says if a script runs that could not be scored. Default: null, which is <see cref="FailureMode.Block"/> at STRICT and SECURE and
    /// <see cref="FailureMode.Allow"/> at the other levels. A script that exceeds a limit of the scoring never runs.
    /// </summary>
    /// <remarks>The documented <c>failOpen</c> is true at every level. That is not acceptable at levels for untrusted code.</remarks>
    public FailureMode? OnFailure { get; init; }

    /// <summary>
    /// The most results in the cache. The least recently used one is dropped first. Range: 0 to
    /// 1,000,000; 0 keeps none. Default: 1,000, as in the JavaScript product.
    /// </summary>
    public int CacheEntries { get; init; } = 1_000;

    /// <summary>How long a result is kept. Range: above zero, to 30 days. Default: 5 min, as in the JavaScript product.</summary>
    public TimeSpan CacheTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Called with every decision, on the thread that made it, before the script runs. Its
    /// exceptions are ignored, so they never affect a verdict. Default: null.
    /// </summary>
    public Action<ScoreVerdict>? OnScore { get; init; }

    /// <summary>Throws if a setting is out of its range.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range. The message names the setting, its value and the range.</exception>
    public void Validate()
    {
        if (Scorer is null) throw new ArgumentException("Scorer is null: leave it out for the rules, or give one");
        Within(BlockThreshold, 0, 101, nameof(BlockThreshold));
        Within(WarnThreshold, 0, 101, nameof(WarnThreshold));
        if (WarnThreshold > BlockThreshold)
            throw new ArgumentException($"WarnThreshold is {WarnThreshold}, above BlockThreshold ({BlockThreshold}): no script would ever be warned about");
        if (OnFailure is { } mode && !Enum.IsDefined(mode)) throw new ArgumentException($"OnFailure is {(int)mode}: it has to be Allow, Block or null");
        Within(CacheEntries, 0, 1_000_000, nameof(CacheEntries));
        if (CacheTtl <= TimeSpan.Zero || CacheTtl > TimeSpan.FromDays(30))
            throw new ArgumentException($"CacheTtl is {CacheTtl}: it has to be above zero and at most 30 days");
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentException($"{name} is {value}: it has to be between {least} and {most}");
    }
}
