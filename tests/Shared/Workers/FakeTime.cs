namespace Enclave.Tests;

/// <summary>A clock that stands still until the test moves it. Timers that fall due meanwhile fire one after another, on the test's thread.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    // Not zero: code may take zero for never.
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way, in order.</summary>
    public void Advance(TimeSpan time)
    {
        long target = GetTimestamp() + time.Ticks;
        while (true)
        {
            FakeTimer? next;
            lock (_gate)
            {
                next = _timers.Where((timer) => timer.Due <= target).MinBy((timer) => timer.Due);
                if (next is not null)
                {
                    _timers.Remove(next);
                    Interlocked.Exchange(ref _now, Math.Max(_now, next.Due));
                }
                else
                {
                    Interlocked.Exchange(ref _now, target);
                }
            }

            if (next is null) return;
            next.Fire();
        }
    }

    private sealed class FakeTimer(FakeTime clock, Action fire) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("periodic timers");
            bool now = dueTime == TimeSpan.Zero;
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                Due = clock._now + dueTime.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan && !now) clock._timers.Add(this);
            }

            // As the real one does: not in the caller's hands.
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
