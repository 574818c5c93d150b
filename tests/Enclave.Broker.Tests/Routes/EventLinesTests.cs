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
