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
        for (int attempt = 1; attempt < 100; attempt++) Assert.InRange(new Backoff(longest, new Random(attempt)).Delay(attempt), TimeSpan.Zero, TimeSpan.MaxValue);
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

        static void Refused(ReconnectOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectionMachine(options, new Random(1)));
    }

    [Fact]
    public void A_connection_that_came_back_starts_counting_anew()
    {
        var machine = new ConnectionMachine(new ReconnectOptions { MaxRetries = 2, Jitter = 0 }, new Random(1));
        machine.Connect();
        for (int round = 0; round < 5; round++)
        {
            machine.Connected();
            Assert.Equal(TimeSpan.FromSeconds(1), machine.Disconnected());
            machine.Retry();
            Assert.Equal(TimeSpan.FromSeconds(2), machine.Disconnected());
            machine.Retry();
        }

        Assert.Null(machine.Disconnected());
        Assert.Equal(ConnectionState.Failed, machine.State);
        machine.Connect();
        Assert.Equal((ConnectionState.Connecting, 0), (machine.State, machine.Attempt));
    }

    [Fact]
    public void Without_retries_the_first_loss_is_the_last()
    {
        var machine = new ConnectionMachine(new ReconnectOptions { MaxRetries = 0 }, new Random(1));
        machine.Connect();
        Assert.Null(machine.Disconnected("refused"));
        Assert.Equal(ConnectionState.Failed, machine.State);
    }

    [Fact]
    public void What_does_not_fit_the_state_changes_nothing()
    {
        var changes = new List<ConnectionChange>();
        var machine = new ConnectionMachine(new ReconnectOptions(), new Random(1), changes.Add);
        machine.Connected();
        machine.Retry();
        Assert.Null(machine.Disconnected());
        Assert.Empty(changes);
        machine.Connect();
        machine.Connect();
        Assert.Single(changes);
        machine.Fail("400");
        machine.Fail("400");
        Assert.Equal([ConnectionChangeKind.StateChanged, ConnectionChangeKind.StateChanged, ConnectionChangeKind.Failed], changes.Select((change) => change.Kind));
        Assert.Null(machine.Disconnected());
    }

    [Fact]
    public void A_closed_connection_stays_closed()
    {
        var machine = new ConnectionMachine(new ReconnectOptions(), new Random(1));
        machine.Connect();
        machine.Close();
        machine.Close();
        machine.Connected();
        machine.Retry();
        machine.Fail("x");
        Assert.Null(machine.Disconnected());
        Assert.Equal(ConnectionState.Closed, machine.State);
        Assert.Throws<InvalidOperationException>(machine.Connect);
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

    [Fact]
    public void A_full_buffer_refuses_and_loses_nothing()
    {
        var buffer = new EventBuffer();
        var waiting = new SessionEvent("s_1", 1, new Stdout("x"));
        for (int index = 0; index < EventBuffer.DefaultCapacity; index++) Assert.True(buffer.TryAdd(waiting));
        Assert.False(buffer.TryAdd(waiting));
        Assert.Equal(EventBuffer.DefaultCapacity, buffer.Drain().Count);
        Assert.Empty(buffer.Drain());
        Assert.True(buffer.TryAdd(waiting));
    }
}
