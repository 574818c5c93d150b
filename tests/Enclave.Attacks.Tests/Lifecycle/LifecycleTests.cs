using System.Diagnostics;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Workers and hosts that die, hang or never start. Each job still has one answer, and nothing is left behind.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task L1_A_worker_killed_from_outside_costs_its_job_and_nothing_else()
    {
        var (gate, launcher) = (new TestGate(), new TestLauncher(TestLauncher.Real()));
        await using var host = Pool(launcher, gate, workers: 1);
        Task<ExecutionResult> lost = host.RunAsync(TestGate.Script);
        await gate.Arrival();
        Task<ExecutionResult> waiting = host.RunAsync("return 'next'");

        ProcessTable.Signal(launcher.Pids[0], ProcessTable.Kill);

        ExecutionResult result = await Within.Deadline(lost, "answer of the lost job");
        Assert.Equal(ErrorCode.WorkerCrashed, result.Error?.Code);
        Assert.Equal(137, result.Error!.Data!["exit"]);
        ExecutionResult next = await Within.Deadline(waiting, "answer of the job that waited");
        Assert.Equal("next", next.Value.AsString());
        await ProcessTable.Gone(launcher.Pids[0], "the killed worker");
        Assert.Equal(2, host.GetSnapshot().Settled);
    }

    [Fact]
    public async Task L2_A_worker_that_spins_on_much_memory_is_gone_after_its_deadline()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        await using var host = Pool(launcher, new TestGate(), workers: 1);

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const a = new Uint8Array(100 << 20).fill(1); for(;;) a[0]++", new RunOptions
            {
                Timeout = TimeSpan.FromMilliseconds(500),
                MemoryLimit = 200 << 20,
            }),
            "answer of the spinning job");

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        await ProcessTable.Gone(launcher.Pids[0], "the spinning worker");
    }

    [Fact]
    public async Task L3_A_host_killed_outright_leaves_no_worker()
    {
        using Process host = TestHosts.Start("spin");
        try
        {
            Assert.Equal("ready", await TestHosts.NextLine(host));
            int[] workers = ProcessTable.WorkersOf(host.Id);
            Assert.True(workers.Length >= 2, $"{workers.Length} processes of workers");

            ProcessTable.Signal(host.Id, ProcessTable.Kill);

            // Their new parent may leave them as zombies. They must not run.
            foreach (int pid in workers)
                await Within.Becomes(() => !ProcessTable.Exists(pid) || ProcessTable.IsZombie(pid), $"worker {pid} ended with its host");
        }
        finally
        {
            host.Kill();
        }
    }

    [Fact]
    public async Task L6_A_full_queue_refuses_at_once_and_loses_nothing()
    {
        var gate = new TestGate();
        await using var host = Pool(new TestLauncher(TestLauncher.Real()), gate, workers: 1, (pool) => pool with { MaxQueueSize = 3 });
        Task<ExecutionResult> running = host.RunAsync(TestGate.Script);
        await gate.Arrival();
        Task<ExecutionResult>[] queued = [.. Enumerable.Range(0, 3).Select((i) => host.RunAsync($"return {i}"))];

        Task<ExecutionResult> refused = host.RunAsync("return 'one too many'");

        Assert.True(refused.IsCompleted, "the refusal is there at once");
        ExecutionResult full = await refused;
        Assert.Equal(ErrorCode.QueueFull, full.Error?.Code);
        Assert.Equal(3, full.Error!.Data!["queueDepth"]);
        gate.Open();
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll([running, .. queued]), "answers of all accepted jobs");
        Assert.All(results, (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Fact]
    public async Task L7_A_job_that_waited_too_long_never_starts_later()
    {
        var (gate, time) = (new TestGate(), new ManualClock());
        int started = 0;
        await using var host = Pool(new TestLauncher(TestLauncher.Real()), gate, workers: 1, change: (options) =>
        {
            options.TimeProvider = time;
            options.ToolHandler = (name, args, context) => name == "started" ? new(Interlocked.Increment(ref started)) : gate.Handle(name, args, context);
        });
        Task<ExecutionResult> running = host.RunAsync(TestGate.Script);
        await gate.Arrival();
        Task<ExecutionResult> waiting = host.RunAsync("return await callTool('started', {})");

        time.Advance(TimeSpan.FromSeconds(31));

        ExecutionResult late = await Within.Deadline(waiting, "answer of the job that waited");
        Assert.Equal(ErrorCode.QueueTimeout, late.Error?.Code);
        gate.Open();
        Assert.True((await Within.Deadline(running, "answer of the running job")).Success);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of a later job")).Success);
        Assert.Equal(0, started);
    }

    [Fact]
    public async Task L10_A_missing_program_is_told_and_not_tried_for_ever()
    {
        var launcher = new TestLauncher(TestLauncher.Command("/no/such/program"));
        await using var host = new EnclaveHost(new EnclaveOptions(), null, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer without workers");

        AssertStartFailed(result);
        Assert.Contains("/no/such/program", result.Error!.Message, StringComparison.Ordinal);
        Assert.InRange(launcher.Launches, 3, 4);
    }

    [Theory]
    [InlineData("/bin/false")]
    [InlineData("/bin/cat")]
    [InlineData("/usr/bin/yes")]
    public async Task L10_A_program_that_is_no_worker_makes_no_storm_of_processes(string program)
    {
        // One ends at once, one repeats the hello, one sends without end.
        var launcher = new TestLauncher(TestLauncher.Command(program));
        await using var host = new EnclaveHost(
            new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = new WorkerPoolOptions { MinWorkers = 2, MaxWorkers = 4 } }, null, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer without workers");

        AssertStartFailed(result);
        Assert.InRange(launcher.Launches, 3, 8);
    }

    [Fact]
    public async Task L10_A_pool_recovers_when_starting_works_again()
    {
        IWorkers(out TestLauncher launcher);
        await using var host = new EnclaveHost(new EnclaveOptions(), null, launcher);
        ExecutionResult failed = await Within.Deadline(host.RunAsync("return 1"), "answer without workers");
        AssertStartFailed(failed);

        // Refused at once during the pause, served after it.
        ExecutionResult result = failed;
        await Within.Deadline(
            Task.Run(async () =>
            {
                while (!result.Success) result = await host.RunAsync("return 'recovered'");
            }),
            "job that is served again");

        Assert.Equal("recovered", result.Value.AsString());
        Assert.Null(host.GetSnapshot().LastStartFailure);

        static void IWorkers(out TestLauncher launcher)
        {
            var broken = TestLauncher.Command("/bin/false");
            launcher = new TestLauncher(broken, broken, broken, TestLauncher.Real());
        }
    }

    [Fact]
    public async Task L11_A_stopped_worker_is_killed_at_its_deadline()
    {
        var (gate, launcher) = (new TestGate(), new TestLauncher(TestLauncher.Real()));
        await using var host = Pool(launcher, gate, workers: 1);
        Task<ExecutionResult> job = host.RunAsync("await callTool('gate', {}); for(;;){}", new RunOptions { Timeout = TimeSpan.FromSeconds(1) });
        await gate.Arrival();
        ProcessTable.Signal(launcher.Pids[0], ProcessTable.Stop);
        await Within.Becomes(() => ProcessTable.IsStopped(launcher.Pids[0]), "the worker stood still");
        gate.Open();

        ExecutionResult result = await Within.Deadline(job, "answer of the stopped worker's job");

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        await ProcessTable.Gone(launcher.Pids[0], "the stopped worker");
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next job")).Success);
    }

    [Fact]
    public async Task L12_A_worker_outlives_the_thread_that_asked_for_it()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        await using var host = Pool(launcher, new TestGate(), workers: 1);
        Task<ExecutionResult>? first = null;
        var thread = new Thread(() => first = host.RunAsync("return 1"));
        thread.Start();
        thread.Join();

        ExecutionResult one = await Within.Deadline(first!, "first answer");
        ExecutionResult two = await Within.Deadline(host.RunAsync("return 2"), "second answer");

        Assert.True(one.Success && two.Success);
        Assert.Equal(one.Stats.WorkerId, two.Stats.WorkerId);
        Assert.Single(launcher.Pids);
    }

    private static void AssertStartFailed(ExecutionResult result)
    {
        Assert.Equal(ErrorCode.WorkerUnavailable, result.Error?.Code);
        Assert.Equal("start", result.Error!.Data!["phase"]);
    }

    private static EnclaveHost Pool(
        TestLauncher launcher, TestGate gate, int workers, Func<WorkerPoolOptions, WorkerPoolOptions>? pool = null, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = workers, MaxWorkers = workers, StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = gate.Handle,
        };
        if (pool is not null) options.WorkerPool = pool(options.WorkerPool);
        change?.Invoke(options);
        return new EnclaveHost(options.WithoutGuard(), null, launcher);
    }
}
