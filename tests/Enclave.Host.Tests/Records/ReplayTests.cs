using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>Replays of recorded runs.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private static readonly RunOptions s_recorded = new() { Record = true };

    private readonly EnclaveHost _host = new(new EnclaveOptions { ToolHandler = RepeatablePrograms.Answer }.WithoutGuard());

    // It has no tools: a replay takes the answers from the recording.
    private readonly EnclaveHost _replayer = new(new EnclaveOptions().WithoutGuard());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _replayer.DisposeAsync();
    }

    [Fact]
    public async Task Random_programs_do_the_same_again()
    {
        var programs = new RepeatablePrograms(new Random(20261120));
        int succeeded = 0, calls = 0;
        for (int i = 0; i < TestSize.Of(150, 1000); i++)
        {
            string code = programs.Next();
            ExecutionRecording recording = await Record(code);

            ReplayReport report = await Replay(ExecutionRecording.Parse(recording.ToJsonString()));

            Assert.True(report.Matches, $"program {i}: {report.Difference}\n{code}\n{recording.ToJsonString()}");
            Assert.Equal((recording.Result.Success, recording.Result.Stdout, recording.Result.Value.ToJsonString()),
                (report.Result.Success, report.Result.Stdout, report.Result.Value.ToJsonString()));
            succeeded += report.Result.Success ? 1 : 0;
            calls += recording.ToolCallCount;
        }

        // Otherwise the programs prove nothing.
        Assert.InRange(succeeded, TestSize.Of(75, 500), TestSize.Of(149, 999));
        Assert.True(calls > TestSize.Of(300, 2000), $"{calls} calls");
    }

    [Fact]
    public async Task Answers_come_in_the_recorded_order_whatever_the_tools_did_since()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = async (name, args, context) =>
            {
                // The first call is answered when the script has the answers of the others.
                if (args["n"].AsInt32() == 1) await first.Task;
                if (args["n"].AsInt32() == 4) first.SetResult();
                return args["n"];
            },
        }.WithoutGuard());
        const string Code = "const order = [], ask = (n) => callTool('t', { n }).then((r) => order.push(r)), one = ask(1); " +
            "await Promise.all([ask(2), ask(3)]); await callTool('t', { n: 4 }); await one; return order";

        ExecutionRecording recording = (await Within.Deadline(host.RunAsync(Code, s_recorded), "answer")).Recording!;
        ReplayReport report = await Replay(recording);

        Assert.EndsWith(",1]", recording.Result.Value.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(recording.Result.Value, report.Result.Value);
        Assert.True(report.Matches, report.Difference?.ToString());
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Every_level_records_and_replays(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = level,
            ToolHandler = RepeatablePrograms.Answer,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        }.WithoutGuard());
        const string Code = "const a = [Math.random(), Date.now()]; console.log(new Date()); await callTool('later', { a }); try { await callTool('fail') } " +
            "catch (e) { a.push(e.message) } return [a, Math.random(), Date.now()]";

        ExecutionRecording recording = (await Within.Deadline(host.RunAsync(Code, s_recorded), "answer")).Recording!;
        ReplayReport report = await Within.Deadline(host.ReplayAsync(recording), "replay");

        Assert.True(recording.Result.Success, recording.Result.Error?.Message);
        Assert.True(report.Matches, report.Difference?.ToString());
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public async Task Time_moves_only_when_a_tool_answers()
    {
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(20_000));
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            TimeProvider = clock,
            ToolHandler = (name, args, context) =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return new((object?)null);
            },
        }.WithoutGuard());

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const t = [Date.now()]; for (let i = 0; i < 1e6; i++); t.push(Date.now()); await callTool('t'); t.push(+new Date()); " +
            "return t.map((x) => x - t[0])", s_recorded), "answer");

        Assert.Equal("[0,0,3600000]", result.Value.ToJsonString());
        Assert.Equal(clock.GetUtcNow() - TimeSpan.FromHours(1), result.Recording!.StartTime);
    }

    [Fact]
    public async Task A_run_that_is_not_recorded_has_the_machines_time_and_randomness()
    {
        const string Code = "const s = Date.now(); let n = 0; while (Date.now() < s + 3) n++; return [s, Math.random(), Math.random.name, Math.random.length]";
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        ExecutionResult[] results = [await Run(Code), await Run(Code)];

        Assert.All(results, (result) => Assert.Null(result.Recording));
        Assert.InRange(results[0].Value[0].AsDouble(), before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.NotEqual(results[0].Value[1], results[1].Value[1]);
    }

    [Fact]
    public async Task Two_recordings_of_one_program_differ_and_the_generator_looks_like_the_engines()
    {
        const string Code = "return [Math.random(), String(Math.random), Object.keys(Math), 'prototype' in Math.random, " +
            "JSON.stringify(Object.getOwnPropertyDescriptor(Math, 'random'))]";

        ExecutionResult one = await Run(Code, s_recorded), two = await Run(Code, s_recorded), plain = await Run(Code);

        Assert.NotEqual(one.Value[0], two.Value[0]);
        Assert.InRange(one.Value[0].AsDouble(), 0, 1);
        for (int i = 1; i < 5; i++) Assert.Equal(plain.Value[i], one.Value[i]);
    }

    [Theory]
    [InlineData("return [1, await callTool('echo', { n: 1 })]", "return [2, await callTool('echo', { n: 1 })]", ReplayDifferenceKind.Value, 0, "$[0]")]
    [InlineData("await callTool('echo', { n: 1, o: { p: [1] } }); await callTool('echo', {})",
        "await callTool('echo', { n: 1, o: { p: [2] } }); await callTool('echo', {})", ReplayDifferenceKind.ToolCall, 1, "$.o.p[0]")]
    [InlineData("await callTool('echo', {}); await callTool('echo', {})", "await callTool('echo', {}); await callTool('later', {})",
        ReplayDifferenceKind.ToolCall, 2, null)]
    [InlineData("await callTool('echo', {}); await callTool('echo', {})", "await callTool('echo', {})", ReplayDifferenceKind.ToolCall, 2, null)]
    [InlineData(
        "await callTool('echo', {})", "try { await callTool('echo', {}); await callTool('more', {}) } catch {}", ReplayDifferenceKind.ToolCall, 2, null)]
    [InlineData("console.log('a'); console.log('b')", "console.log('a'); console.log('c')", ReplayDifferenceKind.ConsoleLine, 2, null)]
    [InlineData("console.log('a')", "console.warn('a')", ReplayDifferenceKind.ConsoleLine, 1, null)]
    [InlineData("console.log('a'); console.log('b')", "console.log('a')", ReplayDifferenceKind.ConsoleLine, 2, null)]
    [InlineData("console.log('a'); await callTool('echo', {})", "await callTool('echo', {}); console.log('a')", ReplayDifferenceKind.ToolCall, 1, null)]
    [InlineData("throw new Error('a')", "throw new Error('b')", ReplayDifferenceKind.Error, 0, null)]
    [InlineData("return 1", "throw new Error('b')", ReplayDifferenceKind.Error, 0, null)]
    [InlineData("return 0", "return -0", ReplayDifferenceKind.Value, 0, null)]
    [InlineData("const a = callTool('echo', {}); const b = callTool('later', {}); await a; await b",
        "const a = callTool('echo', { x: 1 }); const b = callTool('later', {}); await a; await b", ReplayDifferenceKind.ToolCall, 1, "$.x")]
    public async Task A_changed_script_is_told_by_its_first_difference(string then, string now, ReplayDifferenceKind kind, int number, string? path)
    {
        ExecutionRecording recording = await Record(then);

        ReplayReport report = await Replay(recording with { Code = now });

        Assert.False(report.Matches);
        Assert.Equal((kind, number, path), (report.Difference!.Kind, report.Difference.Number, report.Difference.Path));
    }

    [Fact]
    public async Task A_changed_answer_is_told_where_the_script_first_shows_it()
    {
        ExecutionRecording recording = await Record(
            "const r = await callTool('echo', { q: 'unchanged' }); console.log('got it'); await callTool('echo', { r: r.args.q }); return 1");
        string json = recording.ToJsonString();
        int at = json.IndexOf("\"answer\"", StringComparison.Ordinal);
        string changed = json[..at] + json[at..].Replace("\"q\": \"unchanged\"", "\"q\": \"changed\"", StringComparison.Ordinal);

        ReplayReport report = await Replay(ExecutionRecording.Parse(changed));

        Assert.NotEqual(json, changed);
        Assert.Equal("tool call 2, at $.r: recorded echo {\"r\":\"unchanged\"}, replayed echo {\"r\":\"changed\"}", report.Difference!.ToString());
    }

    [Fact]
    public async Task A_script_that_waits_for_less_ends_at_its_time_and_the_missing_call_is_named()
    {
        var both = new TaskCompletionSource();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = async (name, args, context) =>
            {
                if (name == "second") both.SetResult();
                await both.Task;
                return name == "first" ? await Task.Run(() => 1) : 2;
            },
        }.WithoutGuard());
        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const a = callTool('first'), b = callTool('second'); await Promise.race([a, b]); await a; await b; return 1",
                s_recorded with { Timeout = TimeSpan.FromSeconds(5) }), "answer");
        ExecutionRecording recording = result.Recording! with
        {
            Options = result.Recording!.Options with { Timeout = TimeSpan.FromMilliseconds(300) },
            Events = [.. result.Recording.Events.OrderBy((happened) => happened is ToolResultEvent answer ? 10 - (int)answer.Call : 0)],
        };

        ReplayReport report = await Replay(recording with { Code = "await callTool('first'); await callTool('second'); return 1" });

        Assert.Equal((ReplayDifferenceKind.ToolCall, 2), (report.Difference!.Kind, report.Difference.Number));
        Assert.Contains("TIMEOUT", report.Difference.Replayed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_engine_and_level_are_warned_about_and_not_refused()
    {
        ExecutionRecording recording = await Record("return 1");

        ReplayReport report = await Replay(recording with { EngineVersion = "1.2.3", SecurityLevel = SecurityLevel.Secure });

        Assert.True(report.Matches);
        Assert.Equal(2, report.Warnings.Count);
        Assert.Contains("V8 1.2.3", report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Globals_of_the_host_and_of_the_run_are_in_the_recording()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { Globals = new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2 } });
        ExecutionResult result = await Within.Deadline(
            host.RunAsync("return [a, b, c]", s_recorded with { Globals = new Dictionary<string, object?> { ["b"] = 3, ["c"] = new { D = "x" } } }), "answer");

        ReplayReport report = await Replay(ExecutionRecording.Parse(result.Recording!.ToJsonString()));

        Assert.Equal("[1,3,{\"d\":\"x\"}]", report.Result.Value.ToJsonString());
        Assert.True(report.Matches, report.Difference?.ToString());
    }

    [Fact]
    public async Task A_refused_script_is_recorded_and_refused_again()
    {
        await using var host = new EnclaveHost();

        ExecutionResult result = await Within.Deadline(host.RunAsync("while (true) {}", s_recorded), "answer");
        ReplayReport report = await Within.Deadline(host.ReplayAsync(result.Recording!), "replay");

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
        Assert.True(report.Matches, report.Difference?.ToString());
    }

    [Fact]
    public async Task A_limit_of_a_recording_that_is_out_of_range_is_an_argument_fault()
    {
        ExecutionRecording recording = await Record("return 1");

        var fault = await Assert.ThrowsAsync<ArgumentException>(
            () => _replayer.ReplayAsync(recording with { Options = recording.Options with { MemoryLimit = 1L << 40 } }));

        Assert.Contains("MemoryLimit is 1099511627776", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return [0, -0, 1e17, 2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e18, 1e300, 5e-324, 0.1, NaN, -Infinity, 1n, 10n ** 17n, -(10n ** 30n)]")]
    [InlineData("return { a: undefined, b: null, c: [undefined], d: {}, e: [], f: { $enclave: 'AA==' }, g: { $enclave: 1, h: [{ $enclave: {} }] }, '': 1, " +
        "'\\ud800': 2, 'é': '\\udfff' }")]
    [InlineData(
        "return [new Date(0), new Date(-1), new Uint8Array([1]), 'x'.repeat(20000), '\\u0000\\u2028', [[[[1]]]], JSON.parse('['.repeat(47) + ']'.repeat(47))]")]
    [InlineData("return undefined")]
    [InlineData("return null")]
    [InlineData("return { $enclave: 'kAE=' }")]
    [InlineData("throw new Error('\\ud800 \\u0007')")]
    public async Task No_value_is_changed_by_the_file(string code)
    {
        ExecutionRecording recording = await Record($"{code.Replace("return ", "const value = ", StringComparison.Ordinal)}; " +
            $"{(code.StartsWith("return", StringComparison.Ordinal) ? "await callTool('echo', { value }); return value" : "")}");

        // Exact to the bit: a replay compares like this.
        ReplayReport report = await Replay(ExecutionRecording.Parse(recording.ToJsonString()));

        Assert.True(report.Matches, $"{report.Difference}\n{recording.ToJsonString()}");
        Assert.Equal(code.StartsWith("return", StringComparison.Ordinal), report.Result.Success);
    }

    [Fact]
    public async Task A_replay_is_no_flood_though_its_tools_take_no_time()
    {
        var pool = WorkerPoolPresets.Standard with { MaxMessagesPerSecond = 50 };
        int calls = 0;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = pool,
            // The number is above the bucket, the rate below it.
            ToolHandler = async (name, args, context) => { await Task.Delay(20, context.CancellationToken); return ++calls; },
        }.WithoutGuard());

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("let n; for (let i = 0; i < 90; i++) n = await callTool('t'); return n", s_recorded), "answer");
        ReplayReport report = await Within.Deadline(host.ReplayAsync(result.Recording!), "replay");

        Assert.Equal(90, result.Value.AsInt32());
        Assert.True(report.Matches, report.Difference?.ToString());
        Assert.Equal(90, calls);
    }

    [Fact]
    public async Task A_run_that_is_too_large_has_no_recording_and_the_same_answer()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new(new string('x', 9 << 20)) }.WithoutGuard());

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("let n = 0; for (let i = 0; i < 4; i++) n += (await callTool('t')).length; return n", s_recorded), "answer");

        Assert.Equal(4 * (9 << 20), result.Value.AsInt32());
        Assert.Null(result.Recording);
    }

    /// <summary>These take 1 MB on the wire, and fifty times that in memory.</summary>
    [Fact]
    public async Task A_run_whose_values_take_too_much_memory_has_no_recording()
    {
        ExecutionResult result = await Run(
            "for (let i = 0; i < 5; i++) await callTool('double', { n: i, many: Array(90_000).fill({}) }); return 1", s_recorded);

        Assert.Equal(1, result.Value.AsInt32());
        Assert.Null(result.Recording);
    }

    private Task<ExecutionResult> Run(string code, RunOptions? options = null) => Within.Deadline(_host.RunAsync(code, options), "answer");

    private async Task<ExecutionRecording> Record(string code) => (await Run(code, s_recorded)).Recording!;

    private Task<ReplayReport> Replay(ExecutionRecording recording) => Within.Deadline(_replayer.ReplayAsync(recording), "replay");
}
