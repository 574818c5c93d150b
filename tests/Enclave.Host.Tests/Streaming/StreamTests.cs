using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The events that a reader of <see cref="IEnclave.StreamAsync"/> sees.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly TestGate _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EnclaveHost _host;

    public StreamTests() => _host = new EnclaveHost(new EnclaveOptions { ToolHandler = Answer });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Events_come_in_order_without_a_gap_started_first_and_finished_last()
    {
        ExecutionEvent[] events = await All("console.log('a'); console.warn('b'); const r = await callTool('echo', { n: 7 }); console.log('c'); return r.n");

        Assert.Equal([typeof(StartedEvent), typeof(ConsoleEvent), typeof(ConsoleEvent), typeof(ToolCallEvent), typeof(ToolResultEvent), typeof(ConsoleEvent),
            typeof(FinishedEvent)], Kinds(events));
        Assert.Equal(Enumerable.Range(1, events.Length).Select((n) => (long)n), events.Select((e) => e.Sequence));
        Assert.Equal(events.Select((e) => e.Time).Order(), events.Select((e) => e.Time));
        Assert.Equal(("b", ConsoleLevel.Warn), (((ConsoleEvent)events[2]).Text, ((ConsoleEvent)events[2]).Level));
        var (call, answer) = ((ToolCallEvent)events[3], (ToolResultEvent)events[4]);
        Assert.Equal(("c_1", "echo", "{\"n\":7}"), (call.CallId, call.Name, call.Args.ToJsonString()));
        Assert.Equal(("c_1", "echo", "{\"n\":7}"), (answer.CallId, answer.Name, answer.Value.ToJsonString()));
        ExecutionResult result = ((FinishedEvent)events[^1]).Result;
        Assert.Equal(7, result.Value.AsInt32());
        Assert.Equal("a\nb\nc\n", result.Stdout);
    }

    [Fact]
    public async Task A_failed_tool_is_told_as_the_script_sees_it()
    {
        ExecutionEvent[] events = await All("try { await callTool('fail') } catch (e) { return e.code }");

        ToolResultEvent answer = Assert.Single(events.OfType<ToolResultEvent>());
        Assert.Equal((ErrorCode.ToolError, "MissingRow", "no such row", "E404"), (
            answer.Error!.Code, answer.Error.Name, answer.Error.Message, answer.Error.Data!["code"]));
        Assert.Equal(ScriptValueKind.Undefined, answer.Value.Kind);
    }

    [Fact]
    public async Task Events_come_while_the_script_runs()
    {
        await using IAsyncEnumerator<ExecutionEvent> events = _host.StreamAsync("console.log('now'); " + TestGate.Script).GetAsyncEnumerator();

        Assert.IsType<StartedEvent>(await Next(events));
        Assert.IsType<ConsoleEvent>(await Next(events));
        Assert.IsType<ToolCallEvent>(await Next(events));
        await _gate.Arrival();
        _gate.Open();
        Assert.IsType<ToolResultEvent>(await Next(events));
        Assert.IsType<FinishedEvent>(await Next(events));
        Assert.False(await events.MoveNextAsync());
    }

    [Theory]
    [InlineData("eval('1')", ErrorCode.ValidationError)]
    [InlineData("this is no program", ErrorCode.ValidationError)]
    public async Task A_run_that_is_refused_only_finishes(string code, ErrorCode error)
    {
        ExecutionEvent[] events = await All(code);

        Assert.Equal(error, Assert.IsType<FinishedEvent>(Assert.Single(events)).Result.Error!.Code);
        Assert.Equal(1, events[0].Sequence);
    }

    [Fact]
    public async Task Nothing_runs_before_the_first_event_is_asked_for()
    {
        IAsyncEnumerable<ExecutionEvent> stream = _host.StreamAsync("return 1");
        Assert.Equal(0, _host.GetSnapshot().Submitted);

        Assert.IsType<FinishedEvent>((await ToArray(stream))[^1]);
        Assert.IsType<FinishedEvent>((await ToArray(stream))[^1]);

        Assert.Equal(2, _host.GetSnapshot().Submitted);
    }

    [Fact]
    public void The_callers_mistakes_are_thrown_at_the_call()
    {
        Assert.Throws<ArgumentException>(() => _host.StreamAsync("return 1", new RunOptions { MaxBufferedEvents = 1 }));
        Assert.Throws<ArgumentException>(() => _host.StreamAsync("return 1", new RunOptions { MaxBufferedEventBytes = 1 }));
    }

    [Fact]
    public async Task Leaving_early_ends_the_run()
    {
        await foreach (ExecutionEvent e in _host.StreamAsync(TestGate.Script))
        {
            if (e is not ToolCallEvent) continue;
            await _gate.Arrival();
            break;
        }

        await Within.Deadline(_ended.Task, "end of the tool that nobody waits for");
        Assert.Equal(0, _host.GetSnapshot().QueueDepth);
        Assert.True((await _host.RunAsync("return 1")).Success);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_run_and_the_reading_with_its_last_event()
    {
        using var cancel = new CancellationTokenSource();
        await using IAsyncEnumerator<ExecutionEvent> events = _host.StreamAsync(TestGate.Script, null, cancel.Token).GetAsyncEnumerator();
        while (await Next(events) is not ToolCallEvent)
        {
        }

        await _gate.Arrival();
        ValueTask<bool> next = events.MoveNextAsync();
        await cancel.CancelAsync();

        Assert.True(await next);
        AssertCancelled(events.Current);
        Assert.False(await events.MoveNextAsync());
        await Within.Deadline(_ended.Task, "end of the tool that nobody waits for");
    }

    [Fact]
    public async Task The_token_of_the_enumeration_counts_too()
    {
        using var cancel = new CancellationTokenSource();

        ExecutionEvent? last = null;
        await foreach (ExecutionEvent e in _host.StreamAsync(TestGate.Script).WithCancellation(cancel.Token))
        {
            last = e;
            if (e is not ToolCallEvent) continue;
            await _gate.Arrival();
            await cancel.CancelAsync();
        }

        AssertCancelled(last);
        await Within.Deadline(_ended.Task, "end of the tool that nobody waits for");
    }

    [Fact]
    public async Task A_stream_whose_token_is_cancelled_before_it_begins_has_its_last_event_only()
    {
        var cancelled = new CancellationToken(canceled: true);
        ExecutionEvent only = Assert.Single(await _host.StreamAsync("return 1", null, cancelled).ToArrayAsync(TestContext.Current.CancellationToken));

        AssertCancelled(only);
    }

    private static void AssertCancelled(ExecutionEvent? last)
    {
        ExecutionError? error = Assert.IsType<FinishedEvent>(last).Result.Error;
        Assert.Equal((ErrorCode.Cancelled, "caller"), (error?.Code, error?.Data?["reason"]));
    }

    [Fact]
    public async Task Tools_tell_their_progress_and_parts()
    {
        ExecutionEvent[] events = await All("return await callTool('export')");

        ToolProgressEvent[] progress = [.. events.OfType<ToolProgressEvent>()];
        Assert.Equal([(0.5, "half", 10L, 20L), (1, "done", 20, 20)], progress.Select(
            (p) => (p.Fraction!.Value, p.Message!, p.Bytes!.Value, p.TotalBytes!.Value)));
        PartialResultEvent[] parts = [.. events.OfType<PartialResultEvent>()];
        Assert.Equal("rows/0", string.Join('/', parts[0].Path));
        Assert.Equal("{\"id\":1}", parts[0].Data.ToJsonString());
        Assert.Equal((true, ScriptValueKind.Undefined), (parts[1].PayloadOmitted, parts[1].Data.Kind));
        Assert.All([.. progress.Select((p) => p.CallId), .. parts.Select((p) => p.CallId)], (id) => Assert.Equal("c_1", id));
        Assert.True(Array.FindIndex(events, (e) => e is ToolResultEvent) > Array.FindLastIndex(events, (e) => e is ToolProgressEvent or PartialResultEvent));
    }

    [Fact]
    public async Task Reports_out_of_their_ranges_are_the_tools_own_fault()
    {
        ExecutionResult result = await _host.RunAsync("try { await callTool('wrong') } catch (e) { return e.message }");

        Assert.Equal("3 faults", result.Value.AsString());
    }

    [Fact]
    public async Task A_report_after_the_answer_is_not_heard()
    {
        ExecutionEvent[] events = await All("await callTool('late'); await callTool('say'); return await callTool('echo', {})");

        Assert.Empty(events.OfType<ToolProgressEvent>());
        Assert.Empty(events.OfType<PartialResultEvent>());
    }

    private ToolContext? _late;

    private async ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context)
    {
        switch (name)
        {
            case "fail": throw new ToolException("no such row") { Name = "MissingRow", Code = "E404" };
            case "export":
                context.ReportProgress("half", 0.5, 10, 20);
                context.EmitPartial(["rows", "0"], new { Id = 1 });
                context.EmitPartial(["rows", "1"], new string('x', 2 << 20));
                context.ReportProgress("done", 1, 20, 20);
                return null;
            case "wrong":
                int faults = 0;
                foreach (Action wrong in new Action[]
                {
                    () => context.ReportProgress(fraction: double.NaN),
                    () => context.ReportProgress(bytes: -1),
                    () => context.EmitPartial(new string[33], 1),
                })
                {
                    try
                    {
                        wrong();
                    }
                    catch (ArgumentException)
                    {
                        faults++;
                    }
                }

                throw new ToolException($"{faults} faults");
            case "late":
                _late = context;
                return null;
            case "say":
                _late!.ReportProgress("too late");
                _late.EmitPartial(["too late"], 1);
                return null;
            default:
                try
                {
                    return await _gate.Handle(name, args, context);
                }
                catch (OperationCanceledException)
                {
                    _ended.TrySetResult();
                    throw;
                }
        }
    }

    private Task<ExecutionEvent[]> All(string code, RunOptions? options = null) => ToArray(_host.StreamAsync(code, options));

    private static Task<ExecutionEvent[]> ToArray(IAsyncEnumerable<ExecutionEvent> events) =>
        Within.Deadline(events.ToArrayAsync().AsTask(), "end of the stream");

    private static Type[] Kinds(IEnumerable<ExecutionEvent> events) => [.. events.Select((e) => e.GetType())];

    private static async Task<ExecutionEvent> Next(IAsyncEnumerator<ExecutionEvent> events)
    {
        Assert.True(await Within.Deadline(events.MoveNextAsync().AsTask(), "event"));
        return events.Current;
    }
}
