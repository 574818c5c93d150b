namespace Enclave.Guard;

/// <summary>One reason for a score.</summary>
public sealed record ScoreSignal
{
    /// <summary>Creates a signal with a weight.</summary>
    /// <param name="name">Its name: words with hyphens, as in <c>bulk-operation</c>.</param>
    /// <param name="score">The points that it adds to the score. Range: 0 to 100.</param>
    /// <param name="description">One sentence for people.</param>
    public ScoreSignal(string name, int score, string description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegative(score);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(score, 100);
        Name = name;
        Score = score;
        Description = description;
        Id = name.Replace('-', '_').ToUpperInvariant();
    }

    /// <summary>The documented name, as in <c>list-send-pattern</c>.</summary>
    public string Name { get; }

    /// <summary>The reference source's id, as in <c>EXFIL_PATTERN</c>. Default: <see cref="Name"/> in capitals with underscores.</summary>
    public string Id { get; init; }

    /// <summary>The points that it adds to the score. Range: 0 to 100.</summary>
    public int Score { get; }

    /// <summary>The meaning of <see cref="Score"/>: critical from 50, high from 35, medium from 20, low from 10.</summary>
    public SignalLevel Level => Score switch
    {
        >= 50 => SignalLevel.Critical,
        >= 35 => SignalLevel.High,
        >= 20 => SignalLevel.Medium,
        >= 10 => SignalLevel.Low,
        _ => SignalLevel.None,
    };

    /// <summary>One sentence for people.</summary>
    public string Description { get; }

    /// <summary>The first place in the script that gives this reason; null if it has no place.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>Details for programs. Values are strings, numbers, booleans or lists of strings.</summary>
    public IReadOnlyDictionary<string, object> Context { get; init; } = ImmutableDictionary<string, object>.Empty;
}
