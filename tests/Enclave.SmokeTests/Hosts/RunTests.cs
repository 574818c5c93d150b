using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Single runs as a caller sees them.</summary>
public sealed class RunTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _three = new();
    private readonly TaskCompletionSource _called = new();
    private readonly EnclaveHost _host, _unguarded;
    private int _waiting;

    public RunTests() => (_host, _unguarded) = (new EnclaveHost(Options()), new EnclaveHost(Options().WithoutGuard()));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _unguarded.DisposeAsync();
    }

    [Fact]
    public async Task A_program_returns_its_value()
    {
        ExecutionResult result = await Run("return [1, 2, 3].map((x) => x * 2)");

        Assert.Equal("[2,4,6]", Value(result).ToJsonString());
    }

    [Fact]
    public async Task Globals_of_host_and_run_meet_in_the_script()
    {
        ExecutionResult result = await Run("return [region, limits.rows, args.n]", new RunOptions
        {
            Globals = new Dictionary<string, object?> { ["args"] = new { N = 3 }, ["region"] = "us" },
        });

        Assert.Equal("[\"us\",5,3]", Value(result).ToJsonString());
    }

    [Fact]
    public async Task Tools_take_and_give_data()
    {
        ExecutionResult result = await RunUnguarded("const p = await callTool('poco'); const e = await callTool('echo', { n: 1n, d: new Date(0), b: " +
            "new Uint8Array([1]) }); return [p.id, p.tags, p.when, typeof e.n, e.d instanceof Date, e.b.length]");

        Assert.Equal("[7,[\"a\",\"b\"],\"1970-01-01T00:00:00+00:00\",\"bigint\",true,1]", Value(result).ToJsonString());
        Assert.Equal(2, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task The_runs_context_reaches_the_tool_and_not_the_script()
    {
        ExecutionResult result = await RunUnguarded(
            "const t = await callTool('context'); return [t, typeof context]", new RunOptions
            {
                Context = "user-7",
                Tenant = "acme",
                SourceName = "report.js",
            });

        Assert.Equal("[{\"context\":\"user-7\",\"tenant\":\"acme\",\"sourceName\":\"report.js\"},\"undefined\"]", Value(result).ToJsonString());
    }

    [Fact]
    public async Task Concurrent_tool_calls_overlap()
    {
        ExecutionResult result = await Run("return (await Promise.all([1, 2, 3].map((n) => callTool('later', { n })))).length");

        Assert.Equal(3, Value(result).AsInt32());
    }

    [Theory]
    [InlineData("fail", ErrorCode.ToolError, "MissingRow", "no such row")]
    [InlineData("break", ErrorCode.ToolError, "ToolError", "break failed")]
    [InlineData("nothing", ErrorCode.ToolError, "Error", "there is no tool nothing")]
    [InlineData("large", ErrorCode.ToolError, "RangeError", "the result of large is 20971525 bytes; the limit is 16760832 (MaxMessageBytes)")]
    public async Task A_failed_tool_ends_the_run_with_the_handlers_words(string tool, ErrorCode code, string name, string message)
    {
        ExecutionResult result = await Run($"const a = 1;\nreturn await callTool('{tool}');");

        Assert.Equal((code, name, message), (result.Error!.Code, result.Error.Name, result.Error.Message));
        Assert.Equal("    at script.js:2:14", result.Error.Stack);
    }

    [Theory]
    [InlineData(false, false, "ToolError", "TOOL_FAILED", "break failed")]
    [InlineData(true, false, "ToolError", "TOOL_FAILED", "break failed: the database is down")]
    [InlineData(false, true, "Error", null, "the database is down")]
    public async Task The_text_of_a_handlers_exception_stays_in_the_host_unless_the_operator_shows_it(
        bool verbose, bool detailed, string name, string? code, string message)
    {
        using var log = new LogLines();
        EnclaveOptions options = Options();
        (options.VerboseErrors, options.DetailedToolErrors) = (verbose, detailed);
        options.Tools.Add<ScriptValue, int>("broken", (_, _, _) => Task.FromException<int>(new TimeoutException("the database is down")));
        await using var host = new EnclaveHost(options, log);

        ExecutionError handler = (await Within.Deadline(host.RunAsync("return await callTool('break')"), "answer")).Error!;
        ExecutionError registered = (await Within.Deadline(host.RunAsync("return await callTool('broken')"), "answer")).Error!;

        Assert.Equal((name, code, message), (handler.Name, handler.Data!["code"], handler.Message));
        Assert.Equal((name, code, message.Replace("break", "broken")), (registered.Name, registered.Data!["code"], registered.Message));
        Assert.Equal(2, log.Faults.Count((fault) => fault.Contains("the database is down")));
    }

    [Fact]
    public async Task A_script_may_catch_a_failed_tool()
    {
        ExecutionResult result = await Run("try { await callTool('fail') } catch (e) { return [e.name, e.code, e.tool] }");

        Assert.Equal("[\"MissingRow\",\"E404\",\"fail\"]", Value(result).ToJsonString());
    }

    [Fact]
    public async Task A_tool_result_that_is_not_data_is_the_tools_failure()
    {
        ExecutionResult result = await Run("return await callTool('function')");

        Assert.Equal(ErrorCode.ToolError, result.Error!.Code);
    }

    [Fact]
    public async Task Console_output_is_kept_and_told_in_order()
    {
        var lines = new List<ConsoleLine>();

        ExecutionResult result = await Run("console.log('a'); console.error('b'); await callTool('echo', {}); console.info('c'); throw new Error('end')",
            new RunOptions { OnConsole = lines.Add });

        Assert.Equal("a\nb\nc\n", result.Stdout);
        Assert.Equal([new(ConsoleLevel.Log, "a"), new(ConsoleLevel.Error, "b"), new(ConsoleLevel.Info, "c")], lines);
    }

    [Fact]
    public async Task Console_lines_arrive_while_the_script_runs()
    {
        var seen = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();

        Task<ExecutionResult> run = _unguarded.RunAsync(
            "console.log('now'); for(;;){}", new RunOptions { OnConsole = (_) => seen.TrySetResult() }, cancel.Token);
        await Within.Deadline(seen.Task, "console line of a script that runs on");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData("await callTool('echo', {}); for(;;){}")]
    [InlineData("for(;;) await callTool('echo', {})")]
    [InlineData("await callTool('later')")]
    public async Task A_cancel_is_heeded_while_the_script_runs_and_the_worker_goes_on(string code)
    {
        int worker = (await RunUnguarded("return 1")).Stats.WorkerId, next;
        // A worker that gets no processor within the grace is replaced: on a busy machine one may be, but not each.
        for (int attempts = 0; ; worker = next)
        {
            using var cancel = new CancellationTokenSource();
            Task<ExecutionResult> run = _unguarded.RunAsync(code, new RunOptions { MaxToolCalls = 1_000_000 }, cancel.Token);
            await Within.Deadline(_called.Task, "tool call of the script");

            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            ExecutionResult after = await RunUnguarded("return 2");

            Assert.Equal(2, Value(after).AsInt32());
            if ((next = after.Stats.WorkerId) == worker) return;
            Assert.True(++attempts < 10, $"after {attempts} cancels no worker had gone on");
        }
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_starts_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _host.RunAsync("return 1", null, new CancellationToken(canceled: true)));

        Assert.Equal(0, _host.GetSnapshot().Submitted);
    }

    [Fact]
    public async Task Cpu_time_and_wall_time_have_limits_of_their_own()
    {
        ExecutionResult cpu = await RunUnguarded(
            "for(;;){}", new RunOptions { CpuTimeout = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(20) });
        ExecutionResult wall = await RunUnguarded("for(;;){}", new RunOptions { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal((ErrorCode.Timeout, "cpu"), (cpu.Error!.Code, cpu.Error.Data!["reason"]));
        Assert.Equal((ErrorCode.Timeout, "deadline"), (wall.Error!.Code, wall.Error.Data!["reason"]));
        Assert.Contains("raise CpuTimeout", cpu.Error.Message, StringComparison.Ordinal);
        Assert.Contains("100 ms", wall.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8L << 20)]
    [InlineData(33_333_333)]
    [InlineData((64L << 20) + 1)]
    [InlineData(100_000_000)]
    public async Task Any_memory_limit_in_the_range_works(long limit)
    {
        await using var host = new EnclaveHost(new EnclaveOptions { MemoryLimit = limit });

        Assert.Equal(1, Value(await host.RunAsync("return 1")).AsInt32());
        Assert.Equal(2, Value(await Run("return 2", new RunOptions { MemoryLimit = limit })).AsInt32());
    }

    [Fact]
    public async Task A_run_may_have_less_memory_than_the_host()
    {
        const string Holds40 = "const a = []; for (let i = 0; i < 40; i++) a.push('x'.repeat(2 ** 20 - i).split('').length); const b = new Uint8Array(40 * 2 " +
            "** 20); return b.length";

        Assert.False((await RunUnguarded(Holds40, new RunOptions { MemoryLimit = 16L << 20 })).Success);
        Assert.Equal(
            ErrorCode.MemoryLimitExceeded,
            (await RunUnguarded("return new Uint8Array(20 * 2 ** 20).length", new RunOptions { MemoryLimit = 16L << 20 })).Error!.Code);
        Assert.True((await RunUnguarded("return new Uint8Array(20 * 2 ** 20).length")).Success);
    }

    [Fact]
    public async Task Verbose_errors_have_the_whole_stack_and_nothing_of_the_host()
    {
        const string Code = "const f = () => { throw new Error('deep'); };\nconst g = () => f();\ng();";
        await using var verbose = new EnclaveHost(new EnclaveOptions { VerboseErrors = true });

        string shown = (await verbose.RunAsync(Code)).Error!.Stack!;
        string brief = (await Run(Code)).Error!.Stack!;

        Assert.Equal("    at f (script.js:1:25)\n    at g (script.js:2:17)\n    at script.js:3:1", shown);
        Assert.Equal("    at f (script.js:1:25)", brief);
    }

    [Fact]
    public async Task Statistics_are_filled()
    {
        ExecutionResult result = await Run("let n = 0; for (let i = 0; i < 3e6; i++) n += i % 7; return n", new RunOptions { MaxIterations = 3_000_000 });

        Assert.True(result.Stats.Duration > TimeSpan.Zero && result.Stats.CpuTime > TimeSpan.Zero);
        Assert.True(result.Stats.CpuTime <= (result.Stats.Duration * 4) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(8_999_994, Value(result).AsInt32());
        Assert.Equal(3_000_000, result.Stats.IterationCount);
        Assert.True(result.Stats.BytesIn > 50 && result.Stats.BytesOut > 8 && result.Stats.WorkerId > 0);
    }

    [Fact]
    public async Task Source_above_the_message_limit_is_refused_before_it_is_sent()
    {
        ExecutionResult result = await Run($"return '{new string('x', 17 << 20)}'");

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
    }

    [Fact]
    public async Task A_disposed_host_takes_no_call()
    {
        var host = new EnclaveHost();
        await host.DisposeAsync();
        await host.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.RunAsync("return 1"));
    }

    [Fact]
    public async Task A_warm_up_of_a_disposed_host_fails()
    {
        var host = new EnclaveHost();
        await host.DisposeAsync();

        Task warm = host.WarmUpAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Within.Deadline(warm, "end of the warm-up"));
    }

    private EnclaveOptions Options() => new()
    {
        Globals = new Dictionary<string, object?> { ["region"] = "eu", ["limits"] = new { Rows = 5 } },
        ToolHandler = async (name, args, context) =>
        {
            _called.TrySetResult();
            return await Answer(name, args, context);
        },
    };

    private Task<ExecutionResult> Run(string code, RunOptions? options = null) => Within.Deadline(_host.RunAsync(code, options), "answer");

    private Task<ExecutionResult> RunUnguarded(string code, RunOptions? options = null) => Within.Deadline(_unguarded.RunAsync(code, options), "answer");

    private async Task<object?> Answer(string name, ScriptValue args, ToolContext context) => name switch
    {
        "echo" => args,
        "context" => new { context.Context, context.Tenant, context.SourceName },
        "later" => await Later(),
        "fail" => throw new ToolException("no such row") { Name = "MissingRow", Code = "E404" },
        "break" => throw new InvalidOperationException("the database is down"),
        "poco" => new { Id = 7, Tags = new[] { "a", "b" }, When = DateTimeOffset.UnixEpoch },
        "function" => (Func<int>)(() => 1),
        "large" => new string('x', 20 << 20),
        _ => throw new ToolException($"there is no tool {name}"),
    };

    /// <summary>Answers as soon as three calls wait.</summary>
    private async Task<object?> Later()
    {
        if (Interlocked.Increment(ref _waiting) == 3) _three.SetResult();
        await _three.Task;
        return 1;
    }

    private static ScriptValue Value(ExecutionResult result)
    {
        Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        return result.Value;
    }
}
