using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Many workers die under load. Runs alone, because it counts this process's children, descriptors and zombies.</summary>
[Collection(Alone.Name)]
public sealed class ChaosTests
{
    private static readonly string[] s_jobs =
    [
        "return 1",
        "return await callTool('echo', { a: 1 })",
        "for (let i = 0; i < 5; i++) await callTool('echo', { i }); return 'five'",
        "callTool('echo', {}); return 'unawaited'",
        "for(;;){}",
        "const a = []; for(;;) a.push(new Array(1000).fill(a.length))",
        "return 'x'.repeat(1000000)",
        "for (let i = 0; i < 50; i++) console.log('line', i); throw new Error('thrown')",
    ];

    [Fact]
    public async Task L1_Every_job_has_one_answer_while_workers_are_killed_at_random()
    {
        // Everything that a process opens once for all its hosts is open by then.
        await using (var warm = new EnclaveHost(new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool }))
            Assert.True((await warm.RunAsync("return 1")).Success);
        int kills = TestSize.Of(40, 1000), descriptors = await Settled(), before = ProcessTable.Children(Environment.ProcessId).Length;
        var (random, launcher) = (new Random(20255), new TestLauncher(TestLauncher.Real()));
        var pool = new WorkerPoolOptions
        {
            MinWorkers = 2,
            MaxWorkers = 3,
            MaxQueueSize = 1000,
            QueueTimeout = TimeSpan.FromMinutes(10),
            MaxExecutionsPerWorker = 40,
        };
        var answers = new List<Task<ExecutionResult>>();
        await using (var host = new EnclaveHost(
            new EnclaveOptions
            {
                Adapter = EnclaveAdapter.WorkerPool,
                WorkerPool = pool,
                Timeout = TimeSpan.FromMilliseconds(200),
                ToolHandler = static (_,
                args, _) => new(args)
            }.WithoutGuard(),
            null,
            launcher))
        {
            for (int killed = 0; killed < kills;)
            {
                for (int i = random.Next(1, 6); i > 0; i--) answers.Add(host.RunAsync(s_jobs[random.Next(s_jobs.Length)]));
                ChildProcess[] living = launcher.Living;
                if (living.Length > 0)
                {
                    // Through its descriptor: after a thousand deaths, a number may belong to another process.
                    living[random.Next(living.Length)].Kill();
                    killed++;
                }

                // The next kill comes when one of the jobs has ended, or shortly after they began.
                if (random.Next(2) == 0) await Within.Deadline(answers[random.Next(Math.Max(0, answers.Count - 8), answers.Count)], "answer amid the killing");
                else await Task.Yield();
                await Within.Becomes(() => host.GetSnapshot().QueueDepth < 50, "the pool kept up");
            }

            ExecutionResult[] results = await Within.Deadline(Task.WhenAll(answers), "all answers");
            Assert.All(results, (result) => Assert.True(
                result.Success || result.Error!.Code is ErrorCode.WorkerCrashed or ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.RuntimeError,
                $"{result.Error?.Code} {result.Error?.Message}"));
            PoolSnapshot snapshot = host.GetSnapshot();
            Assert.Equal(answers.Count, snapshot.Submitted);
            Assert.Equal(answers.Count, snapshot.Settled);
            // If the last workers were killed while they started, the pool pauses before it tries again, and says so.
            ExecutionError? last = null;
            await Within.Becomes(() => (last = host.RunAsync("return 1", new RunOptions { Timeout = TimeSpan.FromSeconds(20) }).Result.Error) is null,
                "a job succeeded after it all", () => $"{last?.Code} {last?.Message}");
        }

        await launcher.AssertNoneLeft();
        Assert.Equal(before, ProcessTable.Children(Environment.ProcessId).Length);
        await HostTraces.AssertNone();
        int after = await Settled();
        Assert.True(after <= descriptors + 8, $"{descriptors} descriptors before, {after} after");
    }

    [Fact]
    public async Task L5_Crashes_leave_neither_zombies_nor_descriptors()
    {
        var (gate, launcher) = (new TestGate(), new TestLauncher(TestLauncher.Real()));
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = gate.Handle }, null, launcher);
        await Crash();
        int before = await Settled();

        for (int i = 0; i < TestSize.Of(20, 1000); i++) await Crash();

        int after = await Settled();
        Assert.True(after <= before + 8, $"{before} descriptors before, {after} after");
        Assert.All(launcher.Pids[..^1], (pid) => Assert.False(ProcessTable.IsWorker(pid), $"pid {pid} was left behind"));

        async Task Crash()
        {
            Task<ExecutionResult> job = host.RunAsync(TestGate.Script);
            await gate.Arrival();
            ProcessTable.Signal(launcher.Pids[^1], ProcessTable.Kill);
            ExecutionResult result = await Within.Deadline(job, "answer of the crashed job");
            Assert.Equal(ErrorCode.WorkerCrashed, result.Error?.Code);
            await ProcessTable.Gone(launcher.Pids[^1], "the crashed worker");
        }
    }

    /// <summary>The open descriptors, after finalizers have closed those of other tests.</summary>
    private static async Task<int> Settled()
    {
        int count = int.MaxValue;
        await Within.Becomes(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                int now = ProcessTable.OpenDescriptors();
                bool same = now >= count;
                count = Math.Min(now, count);
                return same;
            },
            "the number of descriptors came to rest");
        return count;
    }
}
