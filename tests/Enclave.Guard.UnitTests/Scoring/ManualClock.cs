namespace Enclave.Guard.Tests.Scoring;

/// <summary>A clock that only moves on command, and can let every timer fire at once.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now;

    /// <summary>The due times of the timers, in order.</summary>
    public List<TimeSpan> Timers { get; } = [];

    /// <summary>Selects the timers that fire at once. The others never fire.</summary>
    public Func<TimeSpan, bool> Fires { get; init; } = (_) => false;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (Timers) Timers.Add(dueTime);
        if (Fires(dueTime)) ThreadPool.QueueUserWorkItem((_) => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => default;
    }
}
