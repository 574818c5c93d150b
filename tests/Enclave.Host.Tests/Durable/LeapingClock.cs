using Enclave.Testing;

namespace Enclave.Host.Tests.Durable;

/// <summary>A clock that goes on once, between a look at it and a timer of half an hour or more, as a clock does under a thread that has to wait.</summary>
/// <param name="clock">The clock.</param>
/// <param name="leap">By how much it goes on.</param>
/// <param name="isTime">True once the next long timer is the one.</param>
internal sealed class LeapingClock(ManualClock clock, TimeSpan leap, Func<bool> isTime) : TimeProvider
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(30);

    private int _leaps;
    private volatile bool _hasLeapt;

    public bool HasLeapt => _hasLeapt;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Leap(dueTime);
        return new Timer(this, clock.CreateTimer(callback, state, dueTime, period));
    }

    private void Leap(TimeSpan dueTime)
    {
        if (dueTime < s_long || !isTime() || Interlocked.Exchange(ref _leaps, 1) > 0) return;
        clock.Advance(leap);
        _hasLeapt = true;
    }

    private sealed class Timer(LeapingClock clock, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Leap(dueTime);
            return inner.Change(dueTime, period);
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
