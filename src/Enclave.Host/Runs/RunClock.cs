using Enclave.Linux;
using Enclave.Workers;

namespace Enclave.Runs;

/// <summary>The wall clock of one run. It stops while the run waits for an answer from outside, such as an approval.</summary>
/// <param name="timeout">The run's time in microseconds.</param>
/// <param name="lease">Takes the remaining microseconds, for the worker and for the kill.</param>
internal sealed class RunClock(long timeout, WorkerLease lease)
{
    private readonly Lock _gate = new();
    private long _due;
    private long _left;
    private int _stops;

    /// <summary>The wall time that the run may still use.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate) return Clock.Time(Math.Max(1, _stops > 0 ? _left : _due - Clock.Microseconds));
        }
    }

    public void Start() => _due = Clock.Microseconds + timeout;

    /// <summary>Stops the clock for at most this long. Stops may overlap: it continues when the last one has ended.</summary>
    public void Stop(TimeSpan longest)
    {
        lock (_gate)
        {
            if (_stops++ == 0) _left = _due - Clock.Microseconds;
            // A run that is over its time is about to be killed, and gets no more.
            if (_left > 0) lease.SetRemaining(_left + longest.ToMicroseconds());
        }
    }

    /// <summary>Ends one stop.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            if (--_stops > 0 || _left <= 0) return;
            _due = Clock.Microseconds + _left;
            lease.SetRemaining(_left);
        }
    }
}
