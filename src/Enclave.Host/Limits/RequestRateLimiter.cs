using System.Collections.Concurrent;

namespace Enclave.Limits;

/// <summary>Limits the requests of each client in a sliding window of one minute.</summary>
internal sealed class RequestRateLimiter(int perMinute, TimeProvider clock)
{
    /// <summary>The most clients with a window of their own. Further clients share one window, so that a flood of new names gains nothing.</summary>
    internal const int MaxClients = 10_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Window> _clients = new(StringComparer.Ordinal);
    private readonly Window _others = new(clock.GetTimestamp());
    private long _forgot = clock.GetTimestamp();

    /// <summary>Counts one request. Returns false, and how long to wait, if the client has used up its requests.</summary>
    public bool TryTake(string client, out TimeSpan wait)
    {
        if (!_clients.TryGetValue(client, out Window? window))
        {
            if (_clients.Count >= MaxClients) Forget();
            window = _clients.Count < MaxClients ? _clients.GetOrAdd(client, (_) => new Window(clock.GetTimestamp())) : _others;
        }

        return window.TryTake(perMinute, clock, out wait);
    }

    // Runs at most once in a window: a flood of new names must not cause a search of all clients for each name.
    private void Forget()
    {
        long now = clock.GetTimestamp(), before = Volatile.Read(ref _forgot);
        if (clock.GetElapsedTime(before, now) < s_window || Interlocked.CompareExchange(ref _forgot, now, before) != before) return;
        foreach ((string name, Window window) in _clients)
        {
            if (clock.GetElapsedTime(window.Began, now) >= 2 * s_window) _clients.TryRemove(name, out _);
        }
    }

    private sealed class Window(long began)
    {
        private readonly Lock _gate = new();
        private int _before, _now;

        public long Began { get; private set; } = began;

        public bool TryTake(int most, TimeProvider clock, out TimeSpan wait)
        {
            lock (_gate)
            {
                TimeSpan passed = clock.GetElapsedTime(Began);
                if (passed >= 2 * s_window) (Began, passed, _before, _now) = (clock.GetTimestamp(), TimeSpan.Zero, 0, 0);
                if (passed >= s_window)
                {
                    Began += (long)(s_window.TotalSeconds * clock.TimestampFrequency);
                    (passed, _before, _now) = (passed - s_window, _now, 0);
                }

                double counted = (_before * (1 - (passed / s_window))) + _now;
                wait = counted < most ? TimeSpan.Zero : Wait(most) - passed;
                if (counted >= most) return false;
                _now++;
                return true;
            }
        }

        /// <summary>The time from the window's begin until enough earlier requests have left it that there is room for one more.</summary>
        private TimeSpan Wait(int most) =>
            _now >= most ? s_window : (s_window * (1 - ((double)(most - _now) / _before))) + TimeSpan.FromMilliseconds(1);
    }
}
