using System.Collections.Concurrent;

namespace Enclave.Broker.Access;

/// <summary>Limits the requests of each client in a sliding window of one minute.</summary>
internal sealed class RequestRateLimiter(int perMinute, TimeProvider clock)
{
    /// <summary>Clients that are remembered. If one client floods the table with new names, all are forgotten earlier.</summary>
    private const int MaxClients = 10_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Window> _clients = new(StringComparer.Ordinal);

    /// <summary>Counts one request. Returns false, and how long to wait, if the client has used up its requests.</summary>
    public bool TryTake(string client, out TimeSpan wait)
    {
        if (_clients.Count >= MaxClients && !_clients.ContainsKey(client)) Forget();
        return _clients.GetOrAdd(client, (_) => new Window()).TryTake(perMinute, clock, out wait);
    }

    private void Forget()
    {
        long now = clock.GetTimestamp();
        foreach ((string name, Window window) in _clients)
        {
            if (clock.GetElapsedTime(window.Began, now) >= 2 * s_window) _clients.TryRemove(name, out _);
        }

        if (_clients.Count >= MaxClients) _clients.Clear();
    }

    private sealed class Window
    {
        private readonly Lock _gate = new();
        private int _before, _now;
        private bool _used;

        public long Began { get; private set; }

        public bool TryTake(int most, TimeProvider clock, out TimeSpan wait)
        {
            lock (_gate)
            {
                TimeSpan passed = _used ? clock.GetElapsedTime(Began) : 2 * s_window;
                if (passed >= s_window)
                {
                    _before = passed >= 2 * s_window ? 0 : _now;
                    (_now, _used) = (0, true);
                    Began = clock.GetTimestamp();
                    passed = TimeSpan.Zero;
                }

                double counted = (_before * (1 - (passed / s_window))) + _now;
                wait = counted < most ? TimeSpan.Zero : s_window - passed;
                if (wait > TimeSpan.Zero) return false;
                _now++;
                return true;
            }
        }
    }
}
