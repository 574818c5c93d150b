using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Sessions as their participants see them.</summary>
public sealed partial class SessionTests : IAsyncLifetime
{
    private readonly ManualClock _time = new();
    private readonly TestGate _gate = new();
    private readonly TaskCompletionSource _hostToolEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EnclaveHost _host;

    public SessionTests() => _host = new EnclaveHost(new EnclaveOptions { ToolHandler = Answer, TimeProvider = _time });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_session_runs_from_its_opening_and_may_be_read_again()
    {
        await using ExecutionSession session = _host.OpenSession("console.log('a'); return 6 * 7");

        ExecutionResult result = await Completion(session);
        ExecutionEvent[] first = await All(session), second = await All(session), tail = await All(session, 3);

        Assert.Equal(42, result.Value.AsInt32());
        Assert.Equal([typeof(StartedEvent), typeof(ConsoleEvent), typeof(FinishedEvent)], first.Select((e) => e.GetType()));
        Assert.Equal([1L, 2, 3], first.Select((e) => e.Sequence));
        Assert.Equal(first, second);
        Assert.Equal(first[2..], tail);
        Assert.Empty(await All(session, 4));
        Assert.Same(result, ((FinishedEvent)first[^1]).Result);
        Assert.Equal(SessionState.Completed, session.State);
    }

    [Fact]
    public async Task Ids_cannot_be_guessed_and_times_are_told()
    {
        await using ExecutionSession one = _host.OpenSession("return 1"), two = _host.OpenSession("return 1");

        Assert.Matches("^s_[0-9a-f]{32}$", one.Id);
        Assert.NotEqual(one.Id, two.Id);
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow() + TimeSpan.FromSeconds(60)), (one.CreatedAt, one.ExpiresAt));
    }

    [Fact]
    public async Task Several_pending_calls_are_answered_from_outside_in_any_order()
    {
        await using ExecutionSession session = _host.OpenSession(
            "const r = await Promise.all([callTool('a', { n: 1 }), callTool('b'), callTool('c').catch((e) => [e.name, e.message, e.code])]); return r");
        ToolCallEvent[] calls = await Calls(session, 3);
        Assert.Equal(SessionState.WaitingForTool, session.State);
        Assert.Equal(["a", "b", "c"], session.PendingToolCalls.Select((call) => call.Name));
        Assert.Equal("{\"n\":1}", session.PendingToolCalls[0].Args.ToJsonString());
        Assert.All(session.PendingToolCalls, (call) => Assert.Equal(
            (_time.GetUtcNow(), _time.GetUtcNow() + TimeSpan.FromSeconds(30)), (call.Since, call.Deadline)));

        // The calls arrive in any order, because they start side by side.
        string Id(string name) => calls.Single((call) => call.Name == name).CallId;
        Assert.True(session.TryFailToolCall(Id("c"), "Refused", "not today", "E7"));
        Assert.True(session.TryAnswerToolCall(Id("b"), new { Ok = true }));
        Assert.Equal(["a"], session.PendingToolCalls.Select((call) => call.Name));
        Assert.True(session.TryAnswerToolCall(Id("a"), 1));

        Assert.Equal("[1,{\"ok\":true},[\"Refused\",\"not today\",\"E7\"]]", (await Completion(session)).Value.ToJsonString());
        Assert.Equal(["c_1", "c_2", "c_3"], (await All(session)).OfType<ToolResultEvent>().Select((e) => e.CallId).Order());
        Assert.Equal(SessionState.Completed, session.State);
        Assert.Empty(session.PendingToolCalls);
    }

    [Fact]
    public async Task An_answer_may_come_as_soon_as_the_call_is_told()
    {
        // The reader is often faster than the call on its way to the place where it waits.
        for (int i = 0; i < 50; i++)
        {
            await using ExecutionSession session = _host.OpenSession("let s = 0; for (const n of [1, 2, 3]) { s += await callTool('n', { n }) } return s");
            await foreach (ExecutionEvent e in session.Events())
            {
                if (e is ToolCallEvent call) Assert.True(session.TryAnswerToolCall(call.CallId, call.Args["n"]), $"round {i}, {call.CallId}");
            }

            Assert.Equal(6, (await Completion(session)).Value.AsInt32());
        }
    }

    [Fact]
    public async Task Unknown_and_answered_calls_are_refused()
    {
        await using ExecutionSession session = _host.OpenSession("return await callTool('a')");
        string id = (await Calls(session, 1))[0].CallId;

        Assert.False(session.TryAnswerToolCall("c_2", 1));
        Assert.False(session.TryAnswerToolCall("", 1));
        Assert.Throws<ArgumentException>(() => session.TryAnswerToolCall(id, (Func<int>)(() => 1)));
        Assert.True(session.TryAnswerToolCall(id, "first"));
        Assert.False(session.TryAnswerToolCall(id, "second"));
        Assert.False(session.TryFailToolCall(id, "Error", "third"));

        Assert.Equal("first", (await Completion(session)).Value.AsString());
        Assert.False(session.TryAnswerToolCall(id, "late"));
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_is_taken()
    {
        await using ExecutionSession session = _host.OpenSession("return await callTool('a')");
        string id = (await Calls(session, 1))[0].CallId;
        int taken = 0, value = -1;

        Parallel.For(0, 100, (n) =>
        {
            if (!session.TryAnswerToolCall(id, n)) return;
            Interlocked.Increment(ref taken);
            value = n;
        });

        Assert.Equal(1, taken);
        Assert.Equal(value, (await Completion(session)).Value.AsInt32());
    }

    [Fact]
    public async Task An_answer_above_the_limit_fails_the_call()
    {
        await using ExecutionSession session = _host.OpenSession(
            "try { await callTool('a') } catch (e) { console.log(e.message); return [e.name, e.code] }",
            new EnclaveSessionOptions { MaxToolResultBytes = 1000 });

        Assert.True(session.TryAnswerToolCall((await Calls(session, 1))[0].CallId, new string('x', 1000)));

        ExecutionResult result = await Completion(session);
        Assert.Equal("[\"RangeError\",\"TOOL_RESULT_TOO_LARGE\"]", result.Value.ToJsonString());
        Assert.Equal("the result of a is 1003 bytes; the limit is 1000 (MaxToolResultBytes)\n", result.Stdout);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_fails_after_its_time_and_the_script_goes_on()
    {
        await using ExecutionSession session = _host.OpenSession("try { await callTool('a') } catch (e) { return [e.name, e.code, e.message] }");
        string id = (await Calls(session, 1))[0].CallId;

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(
            "[\"TimeoutError\",\"TOOL_TIMEOUT\",\"the tool a had not answered after 30 s (ToolTimeout; --tool-timeout at the command line): " +
            "ask it for less, or raise it\"]",
            (await Completion(session)).Value.ToJsonString());
        Assert.False(session.TryAnswerToolCall(id, 1));
        NoTimerIsLeft();
    }

    [Fact]
    public async Task A_session_that_waits_ends_at_its_ttl()
    {
        await using ExecutionSession session = _host.OpenSession("console.log('x'); await callTool('a')", new EnclaveSessionOptions
        {
            ToolTimeout = TimeSpan.FromMinutes(5),
            HeartbeatInterval = Timeout.InfiniteTimeSpan,
        });
        string id = (await Calls(session, 1))[0].CallId;

        _time.Advance(TimeSpan.FromSeconds(60));

        ExecutionResult result = await Completion(session);
        Assert.Equal((ErrorCode.Timeout, "ttl", 60_000d), (result.Error!.Code, result.Error.Data!["reason"], result.Error.Data["limitMs"]));
        Assert.Equal("the session had not ended after 60 s (Ttl): answer its tool calls sooner, or raise it: docs/errors/TIMEOUT.md", result.Error.Message);
        Assert.Equal(("x\n", 1), (result.Stdout, result.Stats.ToolCallCount));
        Assert.Equal(SessionState.Failed, session.State);
        Assert.False(session.TryAnswerToolCall(id, 1));
        Assert.IsType<FinishedEvent>((await All(session))[^1]);
        NoTimerIsLeft();
    }

    [Fact]
    public async Task The_shortest_of_lives_ends_as_any_other()
    {
        await using var host = new EnclaveHost();
        for (int i = 0; i < 50; i++)
        {
            await using ExecutionSession session = host.OpenSession(
                "await callTool('a')", new EnclaveSessionOptions { Ttl = TimeSpan.FromMilliseconds(1), HeartbeatInterval = TimeSpan.FromMilliseconds(100) });

            ExecutionError error = (await Completion(session)).Error!;
            Assert.Equal((ErrorCode.Timeout, "ttl"), (error.Code, error.Data!["reason"]));
            Assert.IsType<FinishedEvent>((await All(session))[^1]);
        }

        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer")).Success);
    }

    [Fact]
    public async Task Cancelling_ends_the_run_with_the_reason()
    {
        await using ExecutionSession session = _host.OpenSession("console.log('x'); await callTool('a')");
        await Calls(session, 1);

        await Within.Deadline(session.CancelAsync("the user closed the page"), "end of the session");
        await session.CancelAsync("again");

        ExecutionResult result = await Completion(session);
        Assert.Equal((ErrorCode.Cancelled, "the user closed the page", "x\n"), (result.Error!.Code, result.Error.Data!["reason"], result.Stdout));
        Assert.Equal(SessionState.Cancelled, session.State);
        Assert.Single((await All(session)).OfType<FinishedEvent>());
        Assert.Empty(session.PendingToolCalls);
    }

    [Fact]
    public async Task A_cancelled_script_that_computes_is_stopped()
    {
        await using var host = new EnclaveHost(new EnclaveOptions().WithoutGuard());
        await using ExecutionSession session = host.OpenSession("console.log('now'); for(;;){}");
        await Within.Deadline(session.Events().FirstAsync((e) => e is ConsoleEvent).AsTask(), "console line");

        await Within.Deadline(session.CancelAsync(), "end of the session");

        Assert.Equal(SessionState.Cancelled, session.State);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer")).Success);
    }

    [Fact]
    public async Task A_session_that_ended_is_not_cancelled_any_more()
    {
        await using ExecutionSession session = _host.OpenSession("return 1");
        await Completion(session);

        await session.CancelAsync("too late");

        Assert.Equal(SessionState.Completed, session.State);
        Assert.True((await Completion(session)).Success);
    }

    [Fact]
    public async Task Disposal_cancels_and_frees_and_readers_see_the_end()
    {
        ExecutionSession session = _host.OpenSession("await callTool('a')");
        await Calls(session, 1);
        IAsyncEnumerable<ExecutionEvent> waiting = session.Events(3);
        await using IAsyncEnumerator<ExecutionEvent> reader = waiting.GetAsyncEnumerator();
        ValueTask<bool> next = reader.MoveNextAsync();

        await session.DisposeAsync();
        await session.DisposeAsync();

        Assert.True(await Within.Deadline(next.AsTask(), "last event"));
        Assert.Equal("the session was disposed", Assert.IsType<FinishedEvent>(reader.Current).Result.Error!.Data!["reason"]);
        Assert.False(await reader.MoveNextAsync());
        Assert.Throws<ObjectDisposedException>(() => session.Events());
        Assert.Equal((0, 0L), session.Log.Held);
        NoTimerIsLeft();
    }

    [Fact]
    public async Task Disposing_the_host_ends_its_sessions()
    {
        ExecutionSession session = _host.OpenSession("await callTool('a')", new EnclaveSessionOptions { Run = new RunOptions { SourceName = "x" } });
        await Calls(session, 1);

        Task disposal = _host.DisposeAsync().AsTask();
        await TimePassesUntil(disposal);

        Assert.Equal(ErrorCode.PoolDisposed, (await Completion(session)).Error!.Code);
        Assert.Equal(SessionState.Failed, session.State);
        Assert.Throws<ObjectDisposedException>(() => _host.OpenSession("return 1"));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Hearts_beat_until_the_end()
    {
        await using ExecutionSession session = _host.OpenSession("await callTool('a')");
        string id = (await Calls(session, 1))[0].CallId;

        _time.Advance(TimeSpan.FromSeconds(29));
        session.TryAnswerToolCall(id, 1);
        await Completion(session);
        _time.Advance(TimeSpan.FromSeconds(60));

        ExecutionEvent[] events = await All(session);
        HeartbeatEvent beat = Assert.Single(events.OfType<HeartbeatEvent>());
        Assert.Equal(session.CreatedAt + TimeSpan.FromSeconds(15), beat.Time);
        Assert.Equal(Enumerable.Range(1, events.Length).Select((n) => (long)n), events.Select((e) => e.Sequence));
        Assert.IsType<FinishedEvent>(events[^1]);
    }

    [Fact]
    public async Task The_sessions_limits_hold_unless_the_runs_are_lower()
    {
        await using ExecutionSession calls = _host.OpenSession(
            "for (const n of [1, 2, 3]) await callTool('echo', { n })", new EnclaveSessionOptions { OutsideTools = [], MaxToolCalls = 2 });
        await using ExecutionSession lower = _host.OpenSession("for (const n of [1, 2]) await callTool('echo', { n })", new EnclaveSessionOptions
        {
            OutsideTools = [],
            Run = new RunOptions { MaxToolCalls = 1 },
        });
        await using ExecutionSession lines = _host.OpenSession("console.log('0123456789')", new EnclaveSessionOptions { MaxConsoleBytes = 5 });
        await using ExecutionSession many = _host.OpenSession(
            "for (let i = 0; i < 51; i++) await callTool('echo', {})", new EnclaveSessionOptions { OutsideTools = [] });

        Assert.Equal((ErrorCode.MaxToolCalls, 2), (await LimitOf(calls)));
        Assert.Equal((ErrorCode.MaxToolCalls, 1), (await LimitOf(lower)));
        Assert.Equal((ErrorCode.OutputLimit, 5), (await LimitOf(lines)));
        Assert.Equal((ErrorCode.MaxToolCalls, 50), (await LimitOf(many)));
    }

    [Fact]
    public async Task A_program_that_is_refused_is_a_failed_session()
    {
        await using ExecutionSession session = _host.OpenSession("eval('1')");

        Assert.Equal(ErrorCode.ValidationError, (await Completion(session)).Error!.Code);
        Assert.Equal(SessionState.Failed, session.State);
        Assert.IsType<FinishedEvent>(Assert.Single(await All(session)));
        NoTimerIsLeft();
    }

    [Fact]
    public async Task A_session_that_waits_for_a_worker_beats_and_can_be_cancelled()
    {
        await using var host = new EnclaveHost(
            new EnclaveOptions { TimeProvider = _time, WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 } });
        await using ExecutionSession first = host.OpenSession("await callTool('a')");
        await Calls(first, 1);
        await using ExecutionSession session = host.OpenSession("return 1");

        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(SessionState.Starting, session.State);
        await session.CancelAsync();

        Assert.Equal([typeof(HeartbeatEvent), typeof(FinishedEvent)], (await All(session)).Select((e) => e.GetType()));
        Assert.Equal((SessionState.Cancelled, 0), (session.State, host.GetSnapshot().QueueDepth));
    }

    [Fact]
    public void The_callers_mistakes_are_thrown()
    {
        Assert.Throws<ArgumentException>(() => _host.OpenSession("return 1", new EnclaveSessionOptions { Ttl = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => _host.OpenSession("return 1", new EnclaveSessionOptions { HeartbeatInterval = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => _host.OpenSession(
            "return 1", new EnclaveSessionOptions { Run = new RunOptions { Globals = new Dictionary<string, object?> { ["f"] = () => 1 } } }));
        Assert.Equal(0, _host.GetSnapshot().Submitted);
    }

    /// <summary>Except the pool's own, which checks its workers.</summary>
    private void NoTimerIsLeft() => Assert.InRange(_time.Armed, 0, 1);

    private Task TimePassesUntil(Task done) => Within.Becomes(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return done.IsCompleted;
        },
        "it was done");

    private async ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context)
    {
        if (name == "deaf")
        {
            await _gate.Handle("gate", args, new ToolContext(null, null, "", CancellationToken.None));
            return null;
        }

        try
        {
            return await _gate.Handle(name, args, context);
        }
        catch (OperationCanceledException)
        {
            _hostToolEnded.TrySetResult();
            throw;
        }
    }

    private static async Task<(ErrorCode, int)> LimitOf(ExecutionSession session)
    {
        ExecutionError error = (await Completion(session)).Error!;
        return (error.Code, Convert.ToInt32(error.Data!["limit"], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task<ExecutionResult> Completion(ExecutionSession session) => Within.Deadline(session.Completion, "answer");

    private static Task<ExecutionEvent[]> All(ExecutionSession session, long from = 1) =>
        Within.Deadline(session.Events(from).ToArrayAsync().AsTask(), "end of the events");

    private static Task<ToolCallEvent[]> Calls(ExecutionSession session, int count) =>
        Within.Deadline(session.Events().OfType<ToolCallEvent>().Take(count).ToArrayAsync().AsTask(), $"{count} tool calls");
}
