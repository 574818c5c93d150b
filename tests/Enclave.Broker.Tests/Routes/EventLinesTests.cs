using Enclave.Broker.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.Tests;

/// <summary>The events of a session, for readers that come and go.</summary>
public sealed class EventLinesTests
{
    [Theory]
    [InlineData(1 << 20, 200, 1)]
    [InlineData(2_000, 200, 170)]
    public void The_newest_are_kept_and_the_first_of_them_is_told(long most, int count, int least)
    {
        var lines = new EventLines("s_1", most);
        for (int i = 1; i <= count; i++) Assert.True(lines.Add(new Stdout($"{i}\n")));
        List<LoggedEvent> events = [];

        long first = lines.FirstKept;
        Task? more = lines.Read(first, events, out ReadOutcome outcome);

        Assert.Null(more);
        Assert.Equal(ReadOutcome.Events, outcome);
        Assert.InRange(first, least, least + 20);
        Assert.Equal(Enumerable.Range((int)first, count - (int)first + 1).Select((seq) => (long)seq), events.Select((kept) => kept.Seq));
        Assert.True(lines.Bytes <= most);
        events.Clear();
        lines.Read(count - 1, events, out _);
        Assert.Equal([count - 1, count], events.Select((kept) => (int)kept.Seq));
        if (first == 1) return;
        Assert.Null(lines.Read(first - 1, events, out outcome));
        Assert.Equal(ReadOutcome.Lost, outcome);
    }

    [Fact]
    public void A_reader_takes_a_page_at_a_time()
    {
        var lines = new EventLines("s_1", 16 << 20);
        foreach (int length in (int[])[100_000, 100_000, 100_000, 1_000_000, 100_000]) lines.Add(new Stdout(new string('x', length)));

        var pages = new List<int>();
        for (long next = 1; next <= 5;)
        {
            List<LoggedEvent> events = [];
            lines.Read(next, events, out _);
            Assert.Equal(next, events[0].Seq);
            pages.Add(events.Count);
            next = events[^1].Seq + 1;
        }

        Assert.Equal([2, 1, 1, 1], pages);
    }

    [Fact]
    public void Events_of_a_forgotten_session_are_lost()
    {
        var lines = new EventLines("s_1", 1 << 20);
        lines.Add(new Stdout("a"));
        lines.Add(new Final { Ok = true });

        lines.Drop();

        Assert.Equal((0L, 0L), (lines.FirstKept, lines.HeldBytes));
        Assert.Null(lines.Read(1, [], out ReadOutcome outcome));
        Assert.Equal(ReadOutcome.Lost, outcome);
        // A reader that has them all reads to the end.
        Assert.Null(lines.Read(3, [], out outcome));
        Assert.Equal(ReadOutcome.Ended, outcome);
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes_and_nothing_comes_after_the_last()
    {
        var lines = new EventLines("s_1", 1 << 20);
        List<LoggedEvent> events = [];
        Task more = lines.Read(1, events, out _)!;
        Assert.False(more.IsCompleted);

        lines.Add(new Final { Ok = true });

        await more;
        Assert.False(lines.Add(new Stdout("too late")));
        Assert.Null(lines.Read(1, events, out _));
        Assert.Equal("final", events.Single().Type);
        Assert.Null(lines.Read(2, events, out _));
    }

    [Fact]
    public void An_event_larger_than_all_room_is_kept_alone()
    {
        var lines = new EventLines("s_1", 1_000);
        lines.Add(new Stdout("small"));

        lines.Add(new Stdout(new string('x', 5_000)));

        List<LoggedEvent> events = [];
        lines.Read(2, events, out _);
        Assert.Equal((2, 2L), (events.Single().Seq, lines.FirstKept));
    }
}
