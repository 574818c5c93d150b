namespace Enclave.Limits;

/// <summary>The wait before the next attempt: doubled with each failure in a row.</summary>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Longest">The longest wait.</param>
internal readonly record struct RetryDelay(TimeSpan First, TimeSpan Longest)
{
    /// <summary>Bounds the shift: the wait is then a million times the first one, far above each longest wait and far below what overflows.</summary>
    private const int MaxDoublings = 20;

    /// <param name="failures">The failures in a row. Range: 0 and above; 0 waits for nothing.</param>
    public TimeSpan After(int failures) =>
        failures == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - 1, MaxDoublings)));

    /// <summary>A random part of the wait, 70 to 100 %, so that the clients of one failed server do not all return at the same time.</summary>
    /// <param name="failures">The failures in a row.</param>
    public TimeSpan Spread(int failures) => After(failures) * (0.7 + (0.3 * Random.Shared.NextDouble()));
}
