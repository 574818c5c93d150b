using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Scripts that attack the host's time.</summary>
public sealed class TimeTests
{
    /// <summary>Far less than the time of 1,000,000,000 rounds, the most that a loop may have.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(150);

    public static TheoryData<SecurityLevel, string> Loops
    {
        get
        {
            var data = new TheoryData<SecurityLevel, string>();
            foreach (string code in s_loops)
            {
                data.Add(SecurityLevel.Standard, code);
                if (TestSize.Full) data.Add(SecurityLevel.Secure, code);
                if (TestSize.Full) data.Add(SecurityLevel.Strict, code);
            }

            data.Add(SecurityLevel.Strict, s_loops[0]);
            data.Add(SecurityLevel.Secure, s_loops[0]);
            return data;
        }
    }

    private static readonly string[] s_loops =
    [
        "while (true) {}",
        "await null; for(;;){}",
        "await callTool('echo', {}); for(;;){}",
        "for(;;) await 0;",
        "return { get a() { for(;;){} } };",
        "await callTool('echo', { get a() { for(;;){} } });",
        "return JSON.stringify({ toJSON() { for(;;){} } });",
        "return `${{ toString() { for(;;){} } }}`;",
        "return { then() { for(;;){} } };",
        "await Promise.race([{ then() {} }, new Promise(() => { for(;;){} })]);",
        "return new Proxy({}, { ownKeys() { for(;;){} } });",
        "return new Proxy([], { get() { for(;;){} } });",
        "[3, 1, 2].sort(() => { for(;;){} });",
        "'x'.replace(/x/, () => { for(;;){} });",
        "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for(;;){} } }); throw e;",
        "throw new Proxy({}, { get() { for(;;){} } });",
        "console.log({ get a() { for(;;){} } });",
        "for(;;) { try { for(;;){} } catch {} finally { continue; } }",
    ];

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task R5_Time_runs_out_wherever_the_loop_stands(SecurityLevel level, string code) =>
        AssertOutOfTime(await Assault.Run(code, s_limit, level), level);

    [Fact]
    public async Task R5_Callbacks_of_the_collector_hold_up_nobody()
    {
        // Finalizers run after a collection, in a task of V8. Here never: nothing runs between the answer and the end of its isolate.
        Assault assault = await Assault.Run(
            "const r = new FinalizationRegistry(() => { for(;;){} }); for (let i = 0; i < 2e5; i++) r.register({}, i); await null; return 'done';",
            TimeSpan.FromSeconds(20));

        if (assault.Result.Success) Assert.Equal("done", assault.Result.Value.AsString());
        else assault.EndedAlone(ErrorCode.Timeout);
    }

    [Fact]
    public async Task R6_A_slow_tool_costs_wall_time_and_its_token_is_cancelled()
    {
        var cancelled = new TaskCompletionSource();

        Assault assault = await Assault.Run("await callTool('slow', {});", s_limit, change: (options) => options.ToolHandler = async (_, _, context) =>
        {
            if (!context.CancellationToken.CanBeCanceled) return 1;
            using CancellationTokenRegistration registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return 2;
        });

        AssertOutOfTime(assault, SecurityLevel.Standard);
        Assert.Equal("deadline", assault.Result.Error!.Data!["reason"]);
        Assert.True(assault.Result.Stats.CpuTime < s_limit / 2, $"{assault.Result.Stats.CpuTime.TotalMilliseconds} ms of CPU time for a script that waited");
        await Within.Deadline(cancelled.Task, "cancellation of the tool's token");
    }

    [Fact]
    public async Task R6_Waiting_for_a_tool_is_no_use_of_the_processor()
    {
        Assault assault = await Assault.Run("return await callTool('slow', {});", TimeSpan.FromSeconds(20), change: (options) =>
        {
            options.CpuTimeout = TimeSpan.FromMilliseconds(200);
            options.ToolHandler = static async (_, _, _) =>
            {
                await Task.Delay(1000);
                return "waited";
            };
        });

        Assert.Equal("waited", assault.Result.Value.AsString());
    }

    [Fact]
    public async Task R6_Work_between_tools_is_use_of_the_processor()
    {
        Assault assault = await Assault.Run(
            "for(;;) { await callTool('echo', {}); for (let i = 0; i < 1e7; i++); }", TimeSpan.FromSeconds(20), change: (options) =>
        {
            options.MaxToolCalls = 1_000_000;
            options.CpuTimeout = s_limit;
        });

        assault.EndedAs(ErrorCode.Timeout);
        Assert.Equal("cpu", assault.Result.Error!.Data!["reason"]);
    }

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Strict)]
    public async Task R6_Many_short_steps_use_the_processor_as_one_long_one_does(SecurityLevel level)
    {
        Assault assault = await Assault.Run("for(;;) await callTool('echo', {});", TimeSpan.FromSeconds(20), level, (options) =>
        {
            options.MaxToolCalls = 1_000_000;
            options.WorkerPool = WorkerPoolPresets.For(level) with { MaxMessagesPerSecond = 1_000_000 };
            options.CpuTimeout = s_limit;
        });

        assault.EndedAs(ErrorCode.Timeout);
        Assert.Equal("cpu", assault.Result.Error!.Data!["reason"]);
        Assert.InRange(assault.Result.Stats.CpuTime, s_limit, 2 * s_limit);
    }

    [Theory]
    [InlineData("return /^(a+)+$/.test('a'.repeat(30) + '!');")]
    [InlineData("return /^(a|a?)+$/.test('a'.repeat(60) + '!');")]
    [InlineData("return /^([a-z]+)*\\d$/.test('a'.repeat(200));")]
    public async Task R7_Backtracking_without_end_is_answered_without_it(string code)
    {
        // V8 restarts with its linear engine when a match backtracks too often.
        Assault assault = await Assault.Run(code, TimeSpan.FromSeconds(10));

        Assert.True(assault.Result.Success, assault.Result.Error?.Message);
        Assert.False(assault.Result.Value.AsBoolean());
    }

    [Theory]
    [InlineData("return /^(a+)+\\1b$/.test('a'.repeat(60));")]
    [InlineData("return /^(?=(a+)+$)b/.test('a'.repeat(60) + '!');")]
    [InlineData("return 'a'.repeat(60).match(/(?<x>a+)+\\k<x>b/g);")]
    public async Task R7_Backtracking_that_only_backtracking_can_do_runs_out_of_time(string code) =>
        AssertOutOfTime(await Assault.Run(code, s_limit), SecurityLevel.Standard);

    [Fact]
    public async Task R7_A_subject_larger_than_the_limit_is_not_matched() =>
        (await Assault.Run("return /1+2/.test('1'.repeat(127 * 2 ** 20));", TimeSpan.FromMinutes(2))).EndedAlone(ErrorCode.MemoryLimitExceeded);

    [Theory]
    [InlineData(SecurityLevel.Standard, "return (7n ** (2n ** 22n)).toString().length;")]
    [InlineData(SecurityLevel.Standard, "let a = 3n ** 500000n; for(;;) a = a * a % (2n ** 700000n);")]
    [InlineData(SecurityLevel.Standard, "return [].sort.call('1'.repeat(2 ** 27));")]
    [InlineData(SecurityLevel.Standard, "return [].join.call('1'.repeat(2 ** 27)).length;")]
    [InlineData(SecurityLevel.Standard, "return Array.from({ length: 1e9 }).length;")]
    [InlineData(SecurityLevel.Standard, "return 'a'.repeat(2 ** 27) < 'a'.repeat(2 ** 27 - 1) + 'b';")]
    [InlineData(SecurityLevel.Standard, "const s = 'x'.padEnd(2 ** 28); return s.charCodeAt(5) + s.trim().length;")]
    [InlineData(SecurityLevel.Standard, "return JSON.parse('[' + '1,'.repeat(2 ** 26) + '1]').length;")]
    [InlineData(SecurityLevel.Standard, "const a = new Float64Array(7e6).map((_, i) => -i); for(;;) a.sort(() => 0);")]
    [InlineData(SecurityLevel.Standard, "let s = 'ab'; for (let i = 0; i < 24; i++) s += s; for(;;) s.normalize('NFD');")]
    [InlineData(SecurityLevel.Standard, "const a = new Uint8Array(6e7); for(;;) a.copyWithin(1, 0); ")]
    [InlineData(SecurityLevel.Strict, "let a = 3n ** 500000n; for(;;) a = a * a % (2n ** 700000n);")]
    [InlineData(SecurityLevel.Strict, "return [].join.call('1'.repeat(2 ** 27)).length;")]
    [InlineData(SecurityLevel.Strict, "return Array.from({ length: 1e9 }).length;")]
    public async Task R8_Native_work_ends_one_way_or_the_other(SecurityLevel level, string code)
    {
        // Some are stopped, some die in V8, some are killed at the end of their grace period, some
        // are only slow. All have one answer in time, and the host lives.
        var limit = TimeSpan.FromSeconds(2);
        Assault assault = await Assault.Run(code, limit, level);

        Assert.InRange(assault.Result.Stats.Duration, TimeSpan.Zero, Latest(limit, level));
        if (!assault.Result.Success) assault.EndedAs(ErrorCode.Timeout, ErrorCode.MemoryLimitExceeded, ErrorCode.RuntimeError);
    }

    [Theory]
    [InlineData("const f = () => { Promise.resolve().then(f); }; f();")]
    [InlineData("const f = () => Promise.resolve().then(f); await f();")]
    [InlineData("const f = () => { f2(); f2(); }; const f2 = async () => { await null; f(); }; f();")]
    [InlineData("(async () => { for await (const x of (async function* () { for(;;) yield 1; })()); })(); return 1;")]
    public async Task R9_A_flood_of_microtasks_runs_out_of_time(string code)
    {
        Assault assault = await Assault.Run(code, s_limit);

        if (assault.Result.Error?.Code == ErrorCode.MemoryLimitExceeded) return;
        AssertOutOfTime(assault, SecurityLevel.Standard);
    }

    /// <summary>Not before its limit, and not much after the level's grace period.</summary>
    private static void AssertOutOfTime(Assault assault, SecurityLevel level)
    {
        assault.EndedAlone(ErrorCode.Timeout);
        ExecutionStats stats = assault.Result.Stats;
        Assert.True(
            stats.Duration >= s_limit - TimeSpan.FromMilliseconds(1) && stats.Duration <= Latest(s_limit, level),
            $"it ended after {stats.Duration}, of {s_limit}, with {stats.CpuTime} of CPU time: {assault.Result.Error?.Message}");
    }

    /// <summary>The limit, ten times the level's grace period, and the 100 ms that ending a process may take.</summary>
    private static TimeSpan Latest(TimeSpan limit, SecurityLevel level) =>
        limit + (10 * (Enclave.Limits.LevelLimits.For(level).KillGrace + TimeSpan.FromMilliseconds(100)));
}
