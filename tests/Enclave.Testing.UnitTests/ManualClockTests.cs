namespace Enclave.Testing.Tests;

public sealed class ManualClockTests
{
    [Fact]
    public void Timers_fire_when_the_clock_passes_them_in_order()
    {
        var clock = new ManualClock();
        var fired = new List<string>();
        using ITimer late = clock.CreateTimer((_) => fired.Add($"late at {clock.GetUtcNow():ss}"), null, TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        using ITimer early = clock.CreateTimer((_) => fired.Add($"early at {clock.GetUtcNow():ss}"), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(fired);
        clock.Advance(TimeSpan.FromSeconds(17));

        Assert.Equal(["early at 05", "early at 15", "late at 20"], fired);
    }

    [Fact]
    public void A_timer_that_was_disposed_or_changed_does_not_fire()
    {
        var clock = new ManualClock();
        int fired = 0;
        ITimer disposed = clock.CreateTimer((_) => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using ITimer changed = clock.CreateTimer((_) => fired += 10, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        changed.Change(TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(0, fired);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(10, fired);
    }
}
