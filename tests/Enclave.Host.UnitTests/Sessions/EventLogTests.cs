using Enclave.Events;
using Enclave.Protocol;
using Enclave.Sessions;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The events that a session keeps for its readers.</summary>
public sealed class EventLogTests
{
    private static readonly ExecutionResult s_result = new() { Value = ScriptValue.Null, Error = null, Stdout = "", Stats = new ExecutionStats() };

    [Fact]
    public async Task A_reader_that_falls_behind_is_told_too_and_others_are_not_disturbed()
    {
        var log = new EventLog(new EventLimits(16, 64 << 10), TimeProvider.System);
        log.Add(Line("first"));
        await using IAsyncEnumerator<ExecutionEvent> slow = log.ReadAsync(1).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync());

        for (int i = 0; i < 17; i++) log.Add(Line("x"));

        EventsExpiredException late = await Assert.ThrowsAsync<EventsExpiredException>(async () => await slow.MoveNextAsync());
        Assert.Equal((2, 3), (late.Requested, late.FirstKept));
        log.Finish(s_result);
        Assert.Equal(16, (await log.ReadAsync(4).ToArrayAsync()).Length);
    }

    [Fact]
    public async Task Readers_that_never_read_hold_nothing()
    {
        var log = new EventLog(new EventLimits(100, 64 << 10), TimeProvider.System);
        var readers = new List<IAsyncEnumerator<ExecutionEvent>>();
        log.Add(Line("first"));
        for (int i = 0; i < 50; i++)
        {
            readers.Add(log.ReadAsync(1).GetAsyncEnumerator());
            await readers[i].MoveNextAsync();
        }

        for (int i = 0; i < 10_000; i++) log.Add(Line(new string('x', 1000)));

        (int events, long bytes) = log.Held;
        Assert.InRange(events, 1, 100);
        Assert.InRange(bytes, 1, 64 << 10);
        foreach (IAsyncEnumerator<ExecutionEvent> reader in readers) await reader.DisposeAsync();
    }

    [Fact]
    public async Task One_event_does_not_push_all_others_out()
    {
        var log = new EventLog(new EventLimits(100, 64 << 10), TimeProvider.System);
        ScriptValue large = ScriptValue.From(new string('x', 60_000));

        log.Add(Line("kept"));
        log.Add(new ToolCallEvent { Call = 1, Name = "t", Args = large });
        log.Add(Line(new string('x', 60_000)));
        log.Finish(s_result);

        ExecutionEvent[] events = await log.ReadAsync(1).ToArrayAsync();
        Assert.Equal([typeof(ConsoleEvent), typeof(ToolCallEvent), typeof(EventsDroppedEvent), typeof(FinishedEvent)], events.Select((e) => e.GetType()));
        Assert.True(((ToolCallEvent)events[1]).PayloadOmitted);
        Assert.Equal(1, ((EventsDroppedEvent)events[2]).ConsoleLines);
    }

    [Fact]
    public async Task Many_readers_at_many_speeds_see_the_same_events()
    {
        var log = new EventLog(new EventLimits(100_000, 1 << 30), TimeProvider.System);
        Task<ExecutionEvent[]>[] readers = [.. Enumerable.Range(0, 8).Select((n) => Task.Run(async () =>
        {
            var seen = new List<ExecutionEvent>();
            await foreach (ExecutionEvent e in log.ReadAsync(1))
            {
                seen.Add(e);
                if (e.Sequence % (n + 1) == 0) await Task.Yield();
            }

            return seen.ToArray();
        }))];

        Parallel.For(0, 5000, (_) => log.Add(Line("x")));
        log.Finish(s_result);

        foreach (ExecutionEvent[] seen in await Within.Deadline(Task.WhenAll(readers), "all readers' end"))
            Assert.Equal(Enumerable.Range(1, 5001).Select((n) => (long)n), seen.Select((e) => e.Sequence));
    }

    [Fact]
    public async Task Cancelling_a_reader_ends_the_reading_alone()
    {
        var log = new EventLog(new EventLimits(16, 64 << 10), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        await using IAsyncEnumerator<ExecutionEvent> reader = log.ReadAsync(1, cancel.Token).GetAsyncEnumerator();
        ValueTask<bool> next = reader.MoveNextAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        log.Finish(s_result);
        Assert.Single(await log.ReadAsync(1).ToArrayAsync());
    }

    private static ConsoleEvent Line(string text) => new() { Level = ConsoleLevel.Log, Text = text };
}
