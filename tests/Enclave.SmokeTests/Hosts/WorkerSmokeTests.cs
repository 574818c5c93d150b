using Enclave.Tests;

namespace Enclave.SmokeTests.Hosts;

/// <summary>The main promises of a host, each in a few runs of real jailed workers.</summary>
public sealed class WorkerSmokeTests
{
    [Theory]
    [InlineData(SecurityLevel.Permissive)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Strict)]
    public async Task Each_level_answers(SecurityLevel level)
    {
        await using EnclaveHost host = Open(level);

        ExecutionResult result = await Answer(host, "const two = await callTool('echo', { n: 2 }); return [1, 2, 3].map((x) => x * two.n)");

        Assert.True(result.Success, $"{result.Error}");
        Assert.Equal("[2,4,6]", result.Value.ToJsonString());
        Assert.Equal(1, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task Parallel_takes_100_items_and_no_more()
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);

        ExecutionResult most = await Answer(host, "return (await parallel(Array.from({ length: 100 }, (_, i) => i), async (i) => i * 2)).length");
        ExecutionResult more = await Answer(host, "return (await parallel(Array.from({ length: 101 }, (_, i) => i), async (i) => i * 2)).length");

        Assert.Equal("100", most.Value.ToJsonString());
        Assert.Equal("RangeError", more.Error?.Name);
    }

    [Theory]
    [InlineData("for (;;);")]
    [InlineData("const spin = () => Promise.resolve().then(spin); await spin();")]
    [InlineData("[3, 2, 1].sort(() => { for (;;); })")]
    public async Task R5_A_loop_is_killed(string code)
    {
        await using EnclaveHost host = Open(options: Unguarded(TimeSpan.FromMilliseconds(300)));

        Assert.Equal(ErrorCode.Timeout, (await Answer(host, code)).Error?.Code);
        Assert.Equal("1", (await Answer(host, "return 1")).Value.ToJsonString());
    }

    [Theory]
    [InlineData("const all = []; for (;;) all.push(new Array(1000).fill(all.length))")]
    [InlineData("let text = 'x'; for (;;) text = JSON.parse(JSON.stringify(text + text))")]
    public async Task R1_A_bomb_is_stopped(string code)
    {
        await using EnclaveHost host = Open(options: Unguarded(TimeSpan.FromSeconds(20)));

        ExecutionResult result = await Answer(host, code);

        Assert.Contains(result.Error?.Code, (ErrorCode?[])[ErrorCode.MemoryLimitExceeded, ErrorCode.RuntimeError]);
        Assert.Equal("1", (await Answer(host, "return 1")).Value.ToJsonString());
    }

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Strict)]
    public async Task T1_A_job_meets_nothing_of_the_job_before(SecurityLevel level)
    {
        await using EnclaveHost host = Open(level, Unguarded(TimeSpan.FromSeconds(10)));

        for (int i = 0; i < 5; i++)
        {
            // Two runs of the same program in the same worker: the second one sees no change of the first.
            ExecutionResult result = await Answer(host, """
                const before = [typeof globalThis.left, [].left, typeof Math.max, JSON.stringify([1])].join();
                globalThis.left = 1; Array.prototype.left = 2; delete Math.max; JSON.stringify = () => 'changed';
                return before;
                """);

            Assert.Equal("undefined,,function,[1]", result.Value.AsString());
        }
    }

    [Fact]
    public async Task R14_A_flood_of_calls_is_refused()
    {
        await using EnclaveHost host = Open(options: Unguarded(TimeSpan.FromSeconds(10)));

        ExecutionResult result = await Answer(host, "for (;;) await callTool('echo', {})", new RunOptions { MaxToolCalls = 25 });

        Assert.Equal(ErrorCode.MaxToolCalls, result.Error?.Code);
        Assert.Equal(25, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task R12_A_flood_of_the_console_is_cut()
    {
        await using EnclaveHost host = Open(options: Unguarded(TimeSpan.FromSeconds(10)));

        ExecutionResult result = await Answer(host, "const line = 'x'.repeat(10_000); for (let i = 0; i < 100_000; i++) console.log(line)");

        Assert.Equal(ErrorCode.OutputLimit, result.Error?.Code);
        Assert.Equal("1", (await Answer(host, "return 1")).Value.ToJsonString());
    }

    [Fact]
    public async Task L1_A_worker_that_crashes_costs_one_run()
    {
        var (gate, launcher) = (new TestGate(), new TestLauncher(TestLauncher.Real()));
        await using var host = new EnclaveHost(
            new EnclaveOptions { ToolHandler = gate.Handle, WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 } }, null, launcher);
        Task<ExecutionResult> lost = host.RunAsync(TestGate.Script);
        await gate.Arrival();
        Task<ExecutionResult> next = host.RunAsync("return 'next'");

        ProcessTable.Signal(launcher.Pids[0], ProcessTable.Kill);

        Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(lost, "answer of the run whose worker was killed")).Error?.Code);
        Assert.Equal("next", (await Within.Deadline(next, "answer of the run behind it")).Value.AsString());
    }

    private static Task<ExecutionResult> Answer(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), $"answer to {code}");

    private static EnclaveHost Open(SecurityLevel level = SecurityLevel.Standard, EnclaveOptions? options = null)
    {
        options ??= new EnclaveOptions();
        options.SecurityLevel = level;
        // As an ordinary user, and in containers, not every layer is there.
        options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
        options.Adapter = EnclaveAdapter.WorkerPool;
        options.WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1 };
        options.ToolHandler = static (name, args, _) => new(args);
        return new EnclaveHost(options);
    }

    private static EnclaveOptions Unguarded(TimeSpan timeout) => new EnclaveOptions { Timeout = timeout }.WithoutGuard();
}
