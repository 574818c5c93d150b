namespace Enclave.Streaming;

/// <summary>Computes growing waits between attempts.</summary>
public sealed class Backoff
{
    private readonly ReconnectOptions _options;
    private readonly Random _random;

    /// <summary>Creates a back-off.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="random">The source of <see cref="ReconnectOptions.Jitter"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Backoff(ReconnectOptions options, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReconnectDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDelay, TimeSpan.Zero);
        // Written so that NaN is out of range.
        if (!(options.Multiplier >= 1 && double.IsFinite(options.Multiplier)))
            throw new ArgumentOutOfRangeException(nameof(options), options.Multiplier, "Multiplier must be 1 or more");
        if (!(options.Jitter is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Jitter, "Jitter must be 0 to 1");
        _options = options;
        _random = random;
    }

    /// <summary>The wait before an attempt.</summary>
    /// <param name="attempt">The number of the attempt since the connection was lost. Range: 1 and above.</param>
    public TimeSpan Delay(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        double delay = _options.ReconnectDelay.TotalMilliseconds * Math.Pow(_options.Multiplier, attempt - 1);
        // The power may be infinite, and zero times infinity is NaN.
        double capped = _options.ReconnectDelay == TimeSpan.Zero ? 0 : Math.Min(delay, _options.MaxDelay.TotalMilliseconds);
        double moved = _options.Jitter == 0 ? capped : capped * (1 + _options.Jitter * (2 * _random.NextDouble() - 1));
        return moved >= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(Math.Round(moved));
    }
}
