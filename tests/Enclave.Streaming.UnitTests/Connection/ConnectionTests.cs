namespace Enclave.Streaming.Tests.Connection;

public sealed class ConnectionTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_are_moved_by_a_third_at_most()
    {
        var backoff = new Backoff(new ReconnectOptions(), new Random(5));
        foreach ((int attempt, int seconds) in new[] { (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (5_000, 30) })
        {
            TimeSpan[] delays = [.. Enumerable.Range(0, 500).Select((_) => backoff.Delay(attempt))];
            Assert.All(delays, (delay) => Assert.InRange(delay.TotalSeconds, seconds * 0.7 - 0.001, seconds * 1.3 + 0.001));
            Assert.True(delays.Distinct().Count() > 100);
        }
    }

    [Fact]
    public void Extreme_options_give_waits_all_the_same()
    {
        Assert.Equal(TimeSpan.Zero, new Backoff(new ReconnectOptions { ReconnectDelay = TimeSpan.Zero }, new Random(1)).Delay(int.MaxValue));
        var longest = new ReconnectOptions { ReconnectDelay = TimeSpan.MaxValue, MaxDelay = TimeSpan.MaxValue, Multiplier = double.MaxValue, Jitter = 1 };
        for (int attempt = 1; attempt < 100; attempt++)
            Assert.InRange(new Backoff(longest, new Random(attempt)).Delay(attempt), TimeSpan.Zero, TimeSpan.MaxValue);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refused(new ReconnectOptions { MaxRetries = -1 });
        Refused(new ReconnectOptions { ReconnectDelay = TimeSpan.FromTicks(-1) });
        Refused(new ReconnectOptions { MaxDelay = TimeSpan.FromTicks(-1) });
        Refused(new ReconnectOptions { Multiplier = 0.5 });
        Refused(new ReconnectOptions { Multiplier = double.NaN });
        Refused(new ReconnectOptions { Multiplier = double.PositiveInfinity });
        Refused(new ReconnectOptions { Jitter = -0.1 });
        Refused(new ReconnectOptions { Jitter = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(new ReconnectOptions(), new Random(1)).Delay(0));

        static void Refused(ReconnectOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(options, new Random(1)));
    }

    [Fact]
    public void A_tracker_keeps_its_first_gaps_only_and_forgets_all_when_told()
    {
        var tracker = new SequenceTracker();
        for (long seq = 1; seq < 1_000; seq += 2) tracker.Receive(seq);
        Assert.Equal(SequenceTracker.DefaultMaxGaps, tracker.Gaps.Count);
        Assert.Equal(new SequenceGap(2, 2), tracker.Gaps[0]);
        Assert.False(tracker.Clear(new SequenceGap(2, 3)));
        Assert.Equal(new SequenceGap(1000, long.MaxValue - 1), tracker.Receive(long.MaxValue));
        Assert.Null(tracker.Receive(-5));
        tracker.Reset();
        Assert.Empty(tracker.Gaps);
        Assert.Null(tracker.Receive(7));
    }
}
