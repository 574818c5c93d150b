namespace Enclave.Testing;

/// <summary>A clock that stands still until the test moves it, for <see cref="EnclaveOptions.TimeProvider"/>. Thread-safe.</summary>
/// <remarks>It controls queue, idle and age limits. Deadlines of runs always use the machine's clock: for a script that times out use
/// <see cref="ScriptSetup.Meets"/>.</remarks>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    // Not zero, because code may use zero for "never".
    private long _now = TimeSpan.TicksPerDay;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Number of timers that will fire.</summary>
    public int Armed
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <summary>Moves the clock, and runs the timers that fall due, in order, on this thread.</summary>
    /// <param name="time">The time to move by. Range: 0 and above.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        long target = GetTimestamp() + time.Ticks;
        while (Next(target) is { } timer) timer.Fire();
    }

    /// <summary>The next timer that falls due up to a time; null if there is none, and then the clock is set to that time.</summary>
    private ManualTimer? Next(long target)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.Where((timer) => timer.Due <= target).MinBy((timer) => timer.Due);
            Interlocked.Exchange(ref _now, Math.Max(_now, next?.Due ?? target));
            next?.Pass();
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public void Fire() => fire();

        /// <summary>Fires or rearms a due timer. The caller holds the clock's lock.</summary>
        public void Pass()
        {
            if (_period > TimeSpan.Zero) Due += _period.Ticks;
            else clock._timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool now = dueTime == TimeSpan.Zero;
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                Due = clock._now + (now ? period : dueTime).Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan && (!now || period > TimeSpan.Zero)) clock._timers.Add(this);
            }

            // Like a real timer: not on the caller's thread.
            if (now) ThreadPool.QueueUserWorkItem((_) => fire());
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
