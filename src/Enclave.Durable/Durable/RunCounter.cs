using Enclave.Diagnostics;

namespace Enclave.Durable;

/// <summary>
/// Counts the runs of a store for metrics. A read returns the figures of the last count and starts the next count. So the collection of metrics never waits for
/// a store, and without a collector nothing is counted.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="clock">The host's clock.</param>
internal sealed class RunCounter(RunStore store, TimeProvider clock)
{
    /// <summary>Counting takes a twentieth of the time at most.</summary>
    private const int Share = 20;

    private readonly Lock _gate = new();
    private RunTotals? _last;
    private long _ended;
    private TimeSpan _took;
    private bool _isCounting;

    /// <summary>The figures of the last count; null before the first, and after one that failed.</summary>
    public RunTotals? Read()
    {
        lock (_gate)
        {
            if (_isCounting || (_ended != 0 && clock.GetElapsedTime(_ended) < Share * _took)) return _last;
            _isCounting = true;
        }

        _ = Task.Run(CountAsync);
        return _last;
    }

    private async Task CountAsync()
    {
        long began = clock.GetTimestamp();
        RunTotals? counts = null;
        try
        {
            counts = await store.CountAsync(clock.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is JournalException or ObjectDisposedException)
        {
            // The store is away. The host, which uses it, logs that.
        }

        lock (_gate) (_last, _ended, _took, _isCounting) = (counts, clock.GetTimestamp(), clock.GetElapsedTime(began), false);
    }
}
