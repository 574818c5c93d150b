using Enclave.Events;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Slow readers, and readers that never read: nobody waits for them, nothing grows, and missing events are counted at their place.</summary>
public sealed class SlowReaderTests
{
    private static readonly ExecutionStats s_stats = new();

    [Fact]
    public async Task A_reader_that_stands_still_loses_lines_and_no_tool_event_and_the_result_is_whole()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new(args) });
        var options = new RunOptions { MaxBufferedEvents = 128 };
        const string Code =
            "for (let i = 0; i < 20; i++) { for (let j = 0; j < 20; j++) console.log(`${i}.${j}`); await callTool('echo', { i }); } return 'done'";
        await using IAsyncEnumerator<ExecutionEvent> events = host.StreamAsync(Code, options).GetAsyncEnumerator();
        Assert.True(await Within.Deadline(events.MoveNextAsync().AsTask(), "first event"));

        // It ends although nobody reads.
        await Within.Becomes(() => host.GetSnapshot().Settled == 1, "the run ended");

        var seen = new List<ExecutionEvent> { events.Current };
        while (await Within.Deadline(events.MoveNextAsync().AsTask(), "event")) seen.Add(events.Current);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select((n) => (long)n), seen.Select((e) => e.Sequence));
        Assert.InRange(seen.Count, 40, 128 + 3);
        Assert.Equal(Enumerable.Range(1, 20).Select((n) => $"c_{n}"), seen.OfType<ToolCallEvent>().Select((e) => e.CallId));
        Assert.Equal(Enumerable.Range(1, 20).Select((n) => $"c_{n}"), seen.OfType<ToolResultEvent>().Select((e) => e.CallId));
        ExecutionResult result = Assert.IsType<FinishedEvent>(seen[^1]).Result;
        Assert.Equal("done", result.Value.AsString());
        Assert.Equal(400, result.Stdout.Count((c) => c == '\n'));
        long missing = seen.OfType<EventsDroppedEvent>().Sum((e) => e.ConsoleLines);
        Assert.Equal(400, missing + seen.OfType<ConsoleEvent>().Count());
        Assert.InRange(missing, 1, 400);
        Assert.All(seen.OfType<EventsDroppedEvent>(), (e) => Assert.Equal((0L, 0L), (e.Reports, e.ToolEvents)));
    }

    [Fact]
    public async Task Reports_faster_than_a_hundred_a_second_are_counted()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = Report });

        ExecutionEvent[] events = await Within.Deadline(host.StreamAsync("return await callTool('report')").ToArrayAsync().AsTask(), "end of the stream");

        int told = events.Count((e) => e is ToolProgressEvent or PartialResultEvent);
        long dropped = events.OfType<EventsDroppedEvent>().Sum((e) => e.Reports);
        Assert.Equal(6000, told + dropped);
        Assert.True(dropped > 0);
        Assert.True(told >= 200, $"{told} were told");

        static ValueTask<object?> Report(string name, ScriptValue args, ToolContext context)
        {
            for (int i = 0; i < 3000; i++)
            {
                context.ReportProgress(fraction: i / 3000d);
                context.EmitPartial(["rows", $"{i}"], i);
            }

            return new((object?)null);
        }
    }

    [Fact]
    public void A_tool_event_loses_its_payload_before_it_is_dropped()
    {
        var buffer = new StreamBuffer(new EventLimits(16, 72 << 10), TimeProvider.System);
        ScriptValue large = ScriptValue.From(new string('x', 10_000));

        for (int i = 0; i < 20; i++) buffer.Add(new ToolCallEvent { Call = (uint)i, Name = "t", Args = large });
        buffer.Finish(new ExecutionResult { Value = ScriptValue.Null, Error = null, Stdout = "", Stats = s_stats });

        List<ExecutionEvent> read = Drain(buffer);
        Assert.Equal([.. Enumerable.Repeat(false, 2), .. Enumerable.Repeat(true, 14)], read.OfType<ToolCallEvent>().Select((e) => e.PayloadOmitted));
        Assert.Equal(4, Assert.IsType<EventsDroppedEvent>(read[^2]).ToolEvents);
        Assert.IsType<FinishedEvent>(read[^1]);
        Assert.Equal((0, 0L), buffer.Held);
    }

    [Fact]
    public void After_a_loss_the_reader_learns_of_it_before_what_comes_next()
    {
        var buffer = new StreamBuffer(new EventLimits(16, 64 << 10), TimeProvider.System);

        for (int i = 0; i < 10; i++) buffer.Add(Line(i));
        for (int i = 0; i < 4; i++) Next(buffer);
        buffer.Add(Line(10));

        List<ExecutionEvent> read = [.. Enumerable.Range(0, 6).Select((_) => Next(buffer)!)];
        Assert.Equal(["4", "5", "6", "7", "2 lost", "10"], read.Select(
            (e) => e is ConsoleEvent line ? line.Text : $"{((EventsDroppedEvent)e).ConsoleLines} lost"));
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        var buffer = new StreamBuffer(new EventLimits(16, 64 << 10), TimeProvider.System);
        var result = new ExecutionResult { Value = ScriptValue.Null, Error = null, Stdout = "", Stats = s_stats };

        buffer.Finish(result);
        buffer.Add(Line(1));
        buffer.Finish(result);
        buffer.Fail(new InvalidOperationException());

        Assert.IsType<FinishedEvent>(Next(buffer));
        Assert.Null(Next(buffer));
    }

    [Fact]
    public void The_buffer_keeps_its_bounds_and_counts_every_loss_whatever_comes_and_however_it_is_read()
    {
        for (int seed = 0; seed < TestSize.Of(300, 10_000); seed++)
        {
            var random = new Random(seed);
            var limits = new EventLimits(random.Next(16, 40), random.Next(64 << 10, 128 << 10));
            var buffer = new StreamBuffer(limits, TimeProvider.System);
            int lines = 0, tools = 0;
            var read = new List<ExecutionEvent>();
            for (int step = random.Next(200); step > 0; step--)
            {
                string text = new('x', random.Next(random.Next(10) == 0 ? 40_000 : 50));
                switch (random.Next(5))
                {
                    case 0 when buffer.Held.Events > 0: read.Add(Next(buffer)!); break;
                    case 1: tools++; buffer.Add(new ToolCallEvent { Call = 1, Name = "t", Args = ScriptValue.From(text) }); break;
                    case 2: tools++; buffer.Add(new ToolResultEvent { Call = 1, Name = "t", Value = ScriptValue.From(text), Elapsed = default }); break;
                    default: lines++; buffer.Add(new ConsoleEvent { Level = ConsoleLevel.Log, Text = text }); break;
                }

                (int events, long bytes) = buffer.Held;
                Assert.True(events <= limits.Events && bytes <= limits.Bytes, $"seed {seed}: {events} events, {bytes} bytes");
            }

            buffer.Finish(new ExecutionResult { Value = ScriptValue.Null, Error = null, Stdout = "", Stats = s_stats });
            read.AddRange(Drain(buffer));

            EventsDroppedEvent[] lost = [.. read.OfType<EventsDroppedEvent>()];
            Assert.Equal((seed, lines), (seed, read.Count((e) => e is ConsoleEvent) + (int)lost.Sum((e) => e.ConsoleLines)));
            Assert.Equal((seed, tools), (seed, read.Count((e) => e is ToolCallEvent or ToolResultEvent) + (int)lost.Sum((e) => e.ToolEvents)));
            Assert.Equal(Enumerable.Range(1, read.Count).Select((n) => (long)n), read.Select((e) => e.Sequence));
            Assert.IsType<FinishedEvent>(read[^1]);
            Assert.Single(read.OfType<FinishedEvent>());
        }
    }

    private static ConsoleEvent Line(int n) => new() { Level = ConsoleLevel.Log, Text = $"{n}" };

    private static List<ExecutionEvent> Drain(StreamBuffer buffer)
    {
        var all = new List<ExecutionEvent>();
        while (Next(buffer) is { } next) all.Add(next);
        return all;
    }

    /// <summary>The events that are there already, without waiting.</summary>
    private static ExecutionEvent? Next(StreamBuffer buffer)
    {
        Task<ExecutionEvent?> next = buffer.NextAsync().AsTask();
        Assert.True(next.IsCompleted);
        return next.Result;
    }
}
