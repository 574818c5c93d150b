using System.Globalization;
using Enclave.Protocol;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>Runs that leave their workers while they wait for tools: each is answered once, with what it comes to in a worker of its own.</summary>
[Collection(Alone.Name)]
public sealed class ParkedRunTests
{
    private const string Waits =
        """
        const seen = [];
        for (let i = 0; i < args.rounds; i++) {
          const mine = { text: 'of ' + args.name, i };
          seen.push(await callTool('gate' + i, { name: args.name, i }));
          if (mine.text !== 'of ' + args.name || mine.i !== i) throw new Error('another run');
        }
        return { name: args.name, seen, random: typeof Math.random(), leak: typeof globalThis.leak, put: globalThis.leak = args.name };
        """;

    private readonly TestGate _gate = new();

    [Fact]
    public async Task A_run_that_waits_gives_its_worker_to_another_run()
    {
        await using EnclaveHost host = Host(TestLauncher.Real());
        Task<ExecutionResult> waiting = host.RunAsync(TestGate.Script);
        await _gate.Arrival();

        ExecutionResult other = await Within.Deadline(host.RunAsync("globalThis.leak = 1; return 2"), "answer of the other run");

        Assert.Equal("2", other.Value.ToJsonString());
        Assert.Equal(1, host.GetSnapshot().ParkedRuns);
        Assert.False(waiting.IsCompleted);
        _gate.Open();
        ExecutionResult through = await Within.Deadline(waiting, "answer of the run that waited");
        Assert.Equal("\"through\"", through.Value.ToJsonString());
        Assert.Equal(1, through.Stats.ToolCallCount);
        Assert.Equal(0, host.GetSnapshot().ParkedRuns);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Many_runs_of_many_tenants_wait_beside_few_workers(SecurityLevel level)
    {
        const int Runs = 60, Rounds = 3;
        TimeSpan patience = TimeSpan.FromMinutes(3);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        await using EnclaveHost host = Host(TestLauncher.Real(level), workers: 2, level: level, tools: async (name, args, context) =>
        {
            // All of them wait at the same time before any goes on.
            if (name == "gate0" && Interlocked.Increment(ref arrived) == Runs) open.TrySetResult();
            if (name == "gate0") await open.Task.WaitAsync(context.CancellationToken);
            else await Task.Delay(Random.Shared.Next(20), context.CancellationToken);
            return args;
        });

        Task<ExecutionResult>[] runs = [.. Enumerable.Range(0, Runs).Select((i) => host.RunAsync(
            Waits,
            new RunOptions
            {
                Globals = new Dictionary<string, object?> { ["args"] = new { name = $"run {i}", rounds = Rounds } }, Tenant = $"tenant {i % 3}",
                // Sixty runs beside two workers: on a busy machine the last of them waits for a minute.
                Timeout = patience,
            },
            TestContext.Current.CancellationToken))];
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(runs), "all answers", patience);

        for (int i = 0; i < Runs; i++)
        {
            Assert.True(results[i].Success, results[i].Error?.Message);
            string seen = string.Join(',', Enumerable.Range(0, Rounds).Select((k) => $"{{\"name\":\"run {i}\",\"i\":{k}}}"));
            string wanted = $"{{\"name\":\"run {i}\",\"seen\":[{seen}],\"random\":\"number\",\"leak\":\"undefined\",\"put\":\"run {i}\"}}";
            Assert.Equal(wanted, results[i].Value.ToJsonString());
        }

        Assert.Equal(0, host.GetSnapshot().ParkedRuns);
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }

    /// <summary>Two answers at once wake a run twice.</summary>
    [Fact]
    public async Task Answers_that_come_together_leave_no_run_behind()
    {
        const int Runs = 40, Rounds = 10;
        await using EnclaveHost host = Host(TestLauncher.Real(), workers: 2, tools: async (_, args, context) =>
        {
            await Task.Delay(15, context.CancellationToken);
            return args;
        });
        const string Code =
            "let sum = 0; for (let i = 0; i < 10; i++) for (const r of await Promise.all([1, 2, 3].map((n) => callTool('t', { n })))) sum += r.n; return sum";

        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(Enumerable.Range(0, Runs).Select((_) => host.RunAsync(Code))), "all answers");

        Assert.All(results, (result) => Assert.Equal($"{Rounds * 6}", result.Success ? result.Value.ToJsonString() : result.Error?.Message));
        Assert.Equal((0, 0), (host.GetSnapshot().ParkedRuns, host.GetSnapshot().QueueDepth));
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next run")).Success);
    }

    /// <summary>They are more than may wait for a worker that does not read.</summary>
    [Fact]
    public async Task A_parked_run_gets_many_large_answers()
    {
        const int Calls = 20, Length = 40_000;
        int arrived = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EnclaveHost host = Host(TestLauncher.Real(), messageBytes: 64 << 10, tools: async (_, _, context) =>
        {
            if (Interlocked.Increment(ref arrived) == Calls) _gate.Arrive();
            await held.Task.WaitAsync(context.CancellationToken);
            return new string('x', Length);
        });
        Task<ExecutionResult> waiting = host.RunAsync(
            $"const all = await Promise.all(Array.from({{ length: {Calls} }}, () => callTool('t', {{}}))); return all.join('').length");
        await _gate.Arrival();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);
        Assert.Equal(1, host.GetSnapshot().ParkedRuns);

        held.SetResult();

        ExecutionResult result = await Within.Deadline(waiting, "answer of the run that waited");
        Assert.Equal($"{Calls * Length}", result.Success ? result.Value.ToJsonString() : result.Error?.Message);
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }

    [Fact]
    public async Task A_parked_run_ends_at_its_time_and_when_it_is_cancelled()
    {
        await using EnclaveHost host = Host(TestLauncher.Real());
        using var cancelled = new CancellationTokenSource();
        Task<ExecutionResult> late = host.RunAsync(
            TestGate.Script, new RunOptions { Timeout = TimeSpan.FromSeconds(5) }, TestContext.Current.CancellationToken);
        await _gate.Arrival();
        Task<ExecutionResult> dropped = host.RunAsync(TestGate.Script, null, cancelled.Token);
        await _gate.Arrival();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);
        Assert.Equal(2, host.GetSnapshot().ParkedRuns);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(dropped, "end of the cancelled run"));
        Assert.Equal(ErrorCode.Timeout, (await Within.Deadline(late, "end of the late run")).Error?.Code);
        Assert.Equal(0, host.GetSnapshot().ParkedRuns);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next run")).Success);
    }

    [Fact]
    public async Task A_timer_of_a_parked_run_brings_it_back()
    {
        await using EnclaveHost host = Host(TestLauncher.Real());
        Task<ExecutionResult> waiting = host.RunAsync(
            "return await Promise.race([callTool('gate', {}), new Promise((done) => setTimeout(() => done('timer'), 300))])");
        await _gate.Arrival();

        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);

        Assert.Equal("\"timer\"", (await Within.Deadline(waiting, "answer of the run with a timer")).Value.ToJsonString());
    }

    [Fact]
    public async Task Parked_runs_are_drained_when_their_host_is_disposed()
    {
        EnclaveHost host = Host(TestLauncher.Real());
        Task<ExecutionResult> waiting = host.RunAsync(TestGate.Script);
        await _gate.Arrival();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);
        Assert.Equal(1, host.GetSnapshot().ParkedRuns);

        Task disposed = host.DisposeAsync().AsTask();
        _gate.Open();

        Assert.Equal("\"through\"", (await Within.Deadline(waiting, "answer of the parked run")).Value.ToJsonString());
        await Within.Deadline(disposed, "end of the host");
        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task A_parked_run_that_nobody_answers_ends_with_its_host()
    {
        EnclaveHost host = Host(TestLauncher.Real(), grace: TimeSpan.FromMilliseconds(50));
        Task<ExecutionResult> waiting = host.RunAsync(TestGate.Script);
        await _gate.Arrival();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);

        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the host");

        Assert.Equal(ErrorCode.PoolDisposed, (await Within.Deadline(waiting, "answer of the parked run")).Error?.Code);
        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task Without_its_nursery_a_parked_run_fails_and_the_next_ones_do_not()
    {
        await using EnclaveHost host = Host(TestLauncher.Real());
        Task<ExecutionResult> waiting = host.RunAsync(TestGate.Script);
        await _gate.Arrival();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of another run")).Success);
        int worker = Assert.Single(host.GetIsolationReport().Workers).ProcessId;

        ProcessTable.Signal(ProcessTable.NurseryOf(worker), ProcessTable.Kill);
        await ProcessTable.Gone(worker, "a worker of the dead nursery");
        _gate.Open();

        Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(waiting, "answer of the parked run")).Error?.Code);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next run")).Success);
    }

    [Fact]
    public async Task A_nursery_stays_for_its_parked_runs_and_ends_after_them()
    {
        await using (EnclaveHost host = Host(TestLauncher.ShortLived(3), executions: 1))
        {
            Task<ExecutionResult> waiting = host.RunAsync(TestGate.Script);
            await _gate.Arrival();
            int first = ProcessTable.NurseryOf(Assert.Single(host.GetIsolationReport().Workers).ProcessId), present = first;
            for (int i = 0; i < 1000 && present == first; i++)
            {
                Assert.True((await Within.Deadline(host.RunAsync(i.ToString(CultureInfo.InvariantCulture)), "answer of another run")).Success);
                await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 1, "the next worker was ready");
                present = ProcessTable.NurseryOf(Assert.Single(host.GetIsolationReport().Workers).ProcessId);
            }

            Assert.NotEqual(first, present);
            Assert.Equal(1, host.GetSnapshot().ParkedRuns);
            _gate.Open();

            Assert.Equal("\"through\"", (await Within.Deadline(waiting, "answer of the parked run")).Value.ToJsonString());
            await ProcessTable.Gone(first, "a nursery without cells and parked runs");
        }

        await HostTraces.AssertNone();
    }

    private EnclaveHost Host(
        IWorkerLauncher launcher, int workers = 1, SecurityLevel level = SecurityLevel.Standard, int executions = 1000, TimeSpan? grace = null,
        int messageBytes = 16 << 20, Func<string, ScriptValue, ToolContext, ValueTask<object?>>? tools = null) => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            SecurityLevel = level,
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 1,
                MaxWorkers = workers,
                MaxExecutionsPerWorker = executions,
                SpareWorkers = 0,
                MaxParkedRuns = 100,
                MaxMessageBytes = messageBytes,
                GracefulShutdownTimeout = grace ?? TimeSpan.FromSeconds(30),
            },
            ToolHandler = tools is null ? _gate.Handle : new ToolHandler(tools),
        }.WithoutGuard(),
        null,
        launcher);
}
