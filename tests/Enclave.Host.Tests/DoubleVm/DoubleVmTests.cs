using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Host.Tests;

/// <summary>The place and the lifetime of outer isolates, and the outcome of a script whose outer isolate fails.</summary>
public sealed class DoubleVmTests
{
    private const string CodeOfBoth = "const codes = []; for (const n of [1, 2]) { try { await callTool('echo', { n }); codes.push('passed') } catch (e) { " +
        "codes.push(e.code) } } return codes";

    private readonly TestGate _gate = new();
    private readonly ConcurrentQueue<RecycleReason> _recycled = [];

    public static TheoryData<SecurityLevel, string> Everywhere
    {
        get
        {
            var all = new TheoryData<SecurityLevel, string>();
            foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
            {
                all.Add(level, "embedded");
                all.Add(level, "worker-pool");
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task It_goes_with_every_level_and_adapter(SecurityLevel level, string adapter)
    {
        HigherLevels.NeedNative(level);
        await using EnclaveHost host = Host("(call) => call.name === 'echo'", (options) =>
        {
            options.SecurityLevel = level;
            options.WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 1, MaxWorkers = adapter == "embedded" ? 1 : 2, SpareWorkers = 0 };
            options.Adapter = adapter == "embedded" ? EnclaveAdapter.Embedded : EnclaveAdapter.WorkerPool;
        });
        await Within.Deadline(host.WarmUpAsync(), "warm workers");

        ExecutionResult passed = await Run(host, "const a = await callTool('echo', { x: 1 }); const b = await callTool('echo', { x: a.x + 1 }); return b.x");
        ExecutionResult refused = await Run(host, "return await callTool('drop', {})");

        Assert.Equal(2, Value(passed).AsInt32());
        Assert.Equal("the tool policy refused the call of drop", refused.Error?.Message);
        IsolationReport report = host.GetIsolationReport();
        Assert.Equal(adapter == "embedded" ? 1 : host.GetSnapshot().Workers, report.Workers.Count);
        Assert.NotEmpty(report.OuterWorkers);
        Assert.Empty(report.Workers.Select((worker) => worker.ProcessId).Intersect(report.OuterWorkers.Select((worker) => worker.ProcessId)));
        // Both have the same layers.
        Assert.All(report.OuterWorkers, (worker) => Assert.Equal(passed.Stats.Isolation, worker.Tag));
    }

    [Fact]
    public async Task A_script_without_tools_has_no_outer_isolate()
    {
        await using EnclaveHost host = Host("(call) => true");

        Assert.Equal(1, Value(await Run(host, "return 1")).AsInt32());

        Assert.Equal((0, 0), (host.GetSnapshot().Outer!.Submitted, host.GetSnapshot().Outer!.Workers));
    }

    [Fact]
    public async Task Switched_off_it_is_as_if_it_were_not_there()
    {
        await using EnclaveHost host = Host(
            "(call) => false", (options) => options.DoubleVm = options.DoubleVm! with { Enabled = false, InnerTimeout = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(1, Value(await Run(host, "return (await callTool('echo', { x: 1 })).x")).AsInt32());
        Assert.Null(host.GetSnapshot().Outer);
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("worker-pool")]
    public async Task Fifty_scripts_at_once_on_one_worker_all_have_their_answers(string adapter)
    {
        await using EnclaveHost host = Host("(call) => call.args.n % 5 !== 4", (options) =>
        {
            options.Adapter = adapter == "embedded" ? EnclaveAdapter.Embedded : EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 };
        });

        ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select((n) => Run(
            host, $"const all = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => callTool('echo', {{ n, of: {n} }}))); return all.map((r) => r.value?.of " +
            "?? r.reason.code)")));

        Assert.All(results.Index(), (pair) => Assert.Equal(
            $"[{pair.Index},{pair.Index},{pair.Index},{pair.Index},\"TOOL_REFUSED_BY_POLICY\"]", Value(pair.Item).ToJsonString()));
        await Within.Becomes(
            () => host.GetSnapshot().Outer is { Submitted: 50, Settled: 50, ActiveWorkers: 0, Workers: 1, Recycled: 0 }, "the outer isolates had ended");
    }

    [Fact]
    public async Task At_strict_an_outer_worker_serves_one_tenant_too()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using EnclaveHost host = Host("(call) => true", (options) => options.SecurityLevel = SecurityLevel.Strict);
        var workers = new List<int>();
        foreach (string tenant in (string[])["a", "a", "b"])
        {
            Assert.Equal(1, Value(await Run(host, "return (await callTool('echo', { x: 1 })).x", new RunOptions { Tenant = tenant })).AsInt32());
            await Within.Becomes(() => host.GetSnapshot().Outer is { ActiveWorkers: 0, IdleWorkers: 1 }, "the outer isolate had ended");
            workers.Add(Assert.Single(host.GetIsolationReport().OuterWorkers).ProcessId);
        }

        Assert.Equal(workers[0], workers[1]);
        Assert.NotEqual(workers[1], workers[2]);
    }

    [Fact]
    public async Task Outer_workers_are_warmed_and_replaced_and_go_with_the_host()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        await using (EnclaveHost host = Host(
            "(call) => true",
            (options) => (options.Adapter, options.WorkerPool) =
                (EnclaveAdapter.WorkerPool, WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 3 }),
            launcher))
        {
            await Within.Deadline(host.WarmUpAsync(), "warm workers");
            Assert.Equal((1, 1), (host.GetSnapshot().IdleWorkers + host.GetSnapshot().ActiveWorkers,
                host.GetSnapshot().Outer!.IdleWorkers + host.GetSnapshot().Outer!.ActiveWorkers));

            for (int i = 0; i < 7; i++) Assert.Equal(i, Value(await Run(host, $"return (await callTool('echo', {{ x: {i} }})).x")).AsInt32());

            await Within.Becomes(() => host.GetSnapshot().Outer!.Recycled >= 2, "two outer workers were replaced");
        }

        Assert.Contains(RecycleReason.Executions, _recycled);
        foreach (int pid in launcher.Pids) await ProcessTable.Gone(pid, "a worker of a disposed host");
    }

    [Theory]
    [InlineData("42", "TypeError: the policy is neither an arrow function")]
    [InlineData("const a = { b: null };\nconst c = a.b.c;\nreturn (call) => true", "policy.js:2:")]
    public async Task A_policy_that_does_not_run_is_known_when_the_host_is_warm(string policy, string told)
    {
        await using EnclaveHost host = Host(policy);

        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Within.Deadline(host.WarmUpAsync(), "end of the warm-up"));

        Assert.StartsWith("DoubleVm.ToolPolicy does not run: RUNTIME_ERROR", fault.Message, StringComparison.Ordinal);
        Assert.Contains(told.Split(": ")[^1], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(call) => new Promise(() => 1)", "TIMEOUT")]
    [InlineData("const kept = []; return (call) => { for (let i = 0; i < 9000; i++) kept.push([...'x'.repeat(call.callNumber * 100000)]); return true }",
        "MEMORY_LIMIT_EXCEEDED", 20)]
    [InlineData("(call) => { for (let i = 0; i < 100000; i++) { } return true }", "MAX_ITERATIONS")]
    [InlineData("(call) => { for (let i = 0; i < 5000; i++) console.log(i); return true }", "OUTPUT_LIMIT")]
    [InlineData("(call) => { [...'x'.repeat(call.callNumber * 20000000)].sort(); return true }", "TIMEOUT|MEMORY_LIMIT_EXCEEDED")]
    public async Task A_policy_above_its_limits_lets_nothing_pass_and_the_script_goes_on(string policy, string why, int seconds = 1)
    {
        await using EnclaveHost host = Host(policy, (options) => options.DoubleVm = options.DoubleVm! with { OuterTimeout = TimeSpan.FromSeconds(seconds) });

        ExecutionResult result = await Run(host,
            "const words = []; for (const n of [1, 2]) { try { await callTool('echo', { n }) } catch (e) { words.push(e.code, e.message) } } return words");

        string[] words = [.. Value(result).Items.Select((word) => word.AsString())];
        string[] expected = [.. why.Split('|').Select((code) => $"the call of echo was refused, because the tool policy failed: it ended ({code})")];
        Assert.Equal(4, words.Length);
        Assert.All((int[])[0, 2], (i) => Assert.Equal("TOOL_POLICY_FAILED", words[i]));
        Assert.All((int[])[1, 3], (i) => Assert.Contains(words[i], expected));
        // The next script has its own outer isolate.
        Assert.Equal(1, Value(await Run(host, "return 1")).AsInt32());
    }

    [Fact]
    public async Task A_policy_that_throws_once_refuses_that_call_alone()
    {
        await using EnclaveHost host = Host("(call) => call.args.n === 1 ? call.args.n.missing.member : true");

        Assert.Equal("[\"TOOL_POLICY_FAILED\",\"passed\"]", Value(await Run(host, CodeOfBoth)).ToJsonString());
    }

    [Fact]
    public async Task An_outer_worker_that_dies_takes_its_calls_with_it_and_not_the_script()
    {
        await using EnclaveHost host = Host("(call) => true");

        Task<ExecutionResult> run = host.RunAsync(
            "const codes = []; for (const t of [1, 2]) { try { await callTool('gate', {}) } catch (e) { codes.push(e.message) } } return codes");
        await _gate.Arrival();
        ProcessTable.Signal(Assert.Single(host.GetIsolationReport().OuterWorkers).ProcessId, ProcessTable.Kill);

        const string Lost = "the call of gate was refused, because the tool policy failed: it ended (WORKER_CRASHED)";
        Assert.Equal($"[\"{Lost}\",\"{Lost}\"]", Value(await Within.Deadline(run, "answer")).ToJsonString());
        _gate.Open();
        Assert.Equal("through", Value(await Run(host, TestGate.Script)).AsString());
    }

    [Fact]
    public async Task The_scripts_own_time_ends_it_and_its_outer_worker_goes_on()
    {
        await using EnclaveHost host = Host(
            "(call) => true", (options) => options.DoubleVm = options.DoubleVm! with { InnerTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(1, Value(await Run(host, "return (await callTool('echo', { x: 1 })).x")).AsInt32());
        int outer = Assert.Single(host.GetIsolationReport().OuterWorkers).ProcessId;

        ExecutionResult late = await Run(host, TestGate.Script), own = await Run(
            host, TestGate.Script, new RunOptions { Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal((ErrorCode.Timeout, ErrorCode.Timeout), (late.Error!.Code, own.Error!.Code));
        Assert.Contains("1 s", late.Error.Message, StringComparison.Ordinal);
        Assert.Contains("300 ms", own.Error.Message, StringComparison.Ordinal);
        await Within.Becomes(() => host.GetSnapshot().Outer is { ActiveWorkers: 0, IdleWorkers: 1 }, "the outer isolates had ended");
        Assert.Equal(outer, Assert.Single(host.GetIsolationReport().OuterWorkers).ProcessId);
    }

    [Fact]
    public async Task A_policy_that_hangs_is_ended_with_its_script()
    {
        await using EnclaveHost host = Host("(call) => new Promise(() => 1)");
        using var cancel = new CancellationTokenSource();

        Task<ExecutionResult> run = host.RunAsync("await callTool('echo', {})", null, cancel.Token);
        await Within.Becomes(() => host.GetSnapshot().Outer!.ActiveWorkers == 1, "the policy had the call");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "cancellation"));
        await Within.Becomes(() => host.GetSnapshot().Outer is { ActiveWorkers: 0, Settled: 1 }, "the outer isolate had ended");
    }

    [Fact]
    public async Task Limits_of_the_script_hold_and_the_loop_has_room_for_them()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using EnclaveHost host = Host("(call) => true", (options) =>
        {
            options.SecurityLevel = SecurityLevel.Strict;
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Strict with { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxMessagesPerSecond = 1000 };
            options.MaxToolCalls = 500;
            // On a busy machine a thousand calls through two workers take longer than the level's 5 s.
            options.Timeout = TimeSpan.FromMinutes(2);
        });

        ExecutionResult all = await Run(host, "let sum = 0; for (let i = 0; i < 500; i++) sum += (await callTool('echo', { i })).i; return sum");
        ExecutionResult many = await Run(host, "for (let i = 0; i < 501; i++) await callTool('echo', { i })");
        ExecutionResult pending = await Run(
            host, "const all = []; for (let i = 0; i < 11; i++) all.push(callTool('echo', { i })); for (const one of all) await one;");

        Assert.Equal(124750, Value(all).AsInt32());
        Assert.Equal((ErrorCode.MaxToolCalls, 500), (many.Error!.Code, many.Stats.ToolCallCount));
        Assert.Equal(ErrorCode.MaxToolCalls, pending.Error!.Code);
    }

    [Fact]
    public async Task Arguments_and_results_as_large_as_a_message_pass()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using EnclaveHost host = Host("({ call: (call) => true, result: (call, value) => value.s.length === call.args.s.length })", (options) =>
            (options.SecurityLevel, options.MemoryLimit) = (SecurityLevel.Strict, 32 << 20));

        ExecutionResult result = await Run(host,
            "const n = 1024 * 1024 - 16 * 1024 - 20; const f = (size) => 'x'.repeat(size); const s = f(n); return (await callTool('echo', { s })).s.length");

        Assert.Equal((1024 * 1024) - (16 * 1024) - 20, Value(result).AsInt32());
    }

    [Fact]
    public async Task Deep_results_pass_where_they_pass_without()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        object? deep = 1;
        for (int i = 0; i < 90; i++) deep = new object?[] { deep };
        await using EnclaveHost host = Host(
            "(call) => true", (options) => (options.SecurityLevel, options.ToolHandler) = (SecurityLevel.Strict, (_, _, _) => new(deep)));

        ExecutionResult result = await Run(
            host, "let d = 0; let v = await callTool('deep'); for (let i = 0; i < 100; i++) { if (v[0] === undefined) break; v = v[0]; d++; } return d");

        Assert.Equal(90, Value(result).AsInt32());
    }

    [Fact]
    public async Task Disposal_ends_outer_isolates_with_their_scripts()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        EnclaveHost host = Host(
            "(call) => true", (options) =>
                options.WorkerPool = WorkerPoolPresets.Standard with { GracefulShutdownTimeout = TimeSpan.FromMilliseconds(200) }, launcher);
        Task<ExecutionResult> run = host.RunAsync(TestGate.Script);
        await _gate.Arrival();

        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the host");

        Assert.Equal(ErrorCode.PoolDisposed, (await Within.Deadline(run, "answer")).Error!.Code);
        foreach (int pid in launcher.Pids) await ProcessTable.Gone(pid, "a worker of a disposed host");
    }

    [Theory]
    [InlineData("DoubleVm.InnerTimeout")]
    [InlineData("DoubleVm.OuterTimeout")]
    [InlineData("DoubleVm.OuterMemoryLimit")]
    public void An_option_out_of_its_range_is_named(string option)
    {
        var options = new DoubleVmOptions();
        options = option switch
        {
            "DoubleVm.InnerTimeout" => options with { InnerTimeout = TimeSpan.Zero },
            "DoubleVm.OuterTimeout" => options with { OuterTimeout = TimeSpan.FromHours(26) },
            _ => options with { OuterMemoryLimit = 1L << 40 },
        };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => new EnclaveHost(new EnclaveOptions { DoubleVm = options }));

        Assert.StartsWith($"{option} is ", fault.Message, StringComparison.Ordinal);
    }

    private EnclaveHost Host(string? policy, Action<EnclaveOptions>? change = null, TestLauncher? launcher = null)
    {
        var options = new EnclaveOptions
        {
            ToolHandler = _gate.Handle,
            OnWorkerRecycled = _recycled.Enqueue,
            DoubleVm = new DoubleVmOptions { ToolPolicy = policy },
        };
        change?.Invoke(options);
        return launcher is null ? new EnclaveHost(options) : new EnclaveHost(options, NullLoggerFactory.Instance, launcher);
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), "answer");

    private static ScriptValue Value(ExecutionResult result)
    {
        Assert.True(result.Success, $"{result.Error?.Code}: {result.Error?.Message}");
        return result.Value;
    }
}
