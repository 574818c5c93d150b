namespace Enclave.Tests;

/// <summary>A clock whose wall clock is set by the test, as an administrator or NTP sets it. Its monotonic clock and its timers do not notice.</summary>
internal sealed class SteppedWall(TimeProvider clock) : TimeProvider
{
    private long _by;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _by));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    public void Step(TimeSpan by) => Interlocked.Add(ref _by, by.Ticks);
}
