namespace Enclave.Tools;

/// <summary>An exact sliding window of calls for each tenant. It stores the times of the calls in the window, and only tenants with calls.</summary>
internal sealed class RateWindow(ToolRateLimit limit, TimeProvider clock)
{
    private const int FirstSweep = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<long>> _calls = new(StringComparer.Ordinal);
    private int _sweepAt = FirstSweep;

    public int Tenants
    {
        get
        {
            lock (_gate) return _calls.Count;
        }
    }

    /// <summary>Counts a call unless the window is full. If it is full, <paramref name="wait"/> is the time until there is room.</summary>
    public bool TryTake(string tenant, out TimeSpan wait)
    {
        long now = clock.GetTimestamp();
        wait = TimeSpan.Zero;
        lock (_gate)
        {
            if (!_calls.TryGetValue(tenant, out Queue<long>? calls))
            {
                if (_calls.Count >= _sweepAt) Sweep(now);
                _calls.Add(tenant, calls = new Queue<long>());
            }

            Forget(calls, now);
            if (calls.Count >= limit.Calls)
            {
                wait = limit.Window - clock.GetElapsedTime(calls.Peek(), now);
                return false;
            }

            calls.Enqueue(now);
            return true;
        }
    }

    private void Forget(Queue<long> calls, long now)
    {
        while (calls.TryPeek(out long oldest) && clock.GetElapsedTime(oldest, now) >= limit.Window) calls.Dequeue();
    }

    private void Sweep(long now)
    {
        foreach ((string tenant, Queue<long> calls) in _calls)
        {
            Forget(calls, now);
            if (calls.Count == 0) _calls.Remove(tenant);
        }

        _sweepAt = Math.Max(FirstSweep, _calls.Count * 2);
    }
}
