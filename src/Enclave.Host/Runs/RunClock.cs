using Enclave.Linux;

namespace Enclave.Runs;

/// <summary>The wall clock of one run, which stands still while somebody outside is asked.</summary>
/// <param name="timeout">Microseconds that the run has.</param>
/// <param name="set">Tells worker and kill how many microseconds are left from now.</param>
internal sealed class RunClock(long timeout, Action<long> set)
{
    private readonly Lock _gate = new();
    private long _due;
    private long _left;
    private int _stops;

    public void Start() => _due = Clock.Microseconds + timeout;

    /// <summary>Stops the clock for this long at most. Stops may overlap: it goes on when the last of them has ended.</summary>
    public void Stop(TimeSpan longest)
    {
        lock (_gate)
        {
            if (_stops++ == 0) _left = _due - Clock.Microseconds;
            // A run that is over its time has its kill on the way, and gets no more.
            if (_left > 0) set(_left + longest.ToMicroseconds());
        }
    }

    /// <summary>Ends one stop.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            if (--_stops > 0 || _left <= 0) return;
            _due = Clock.Microseconds + _left;
            set(_left);
        }
    }
}
