using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Application code that a worker's answer starts: its thread, and that nothing waits for it.</summary>
public sealed class ApplicationThreadsTests
{
    private static readonly AsyncLocal<string?> s_local = new();

    private readonly TestGate _gate = new();

    [Fact]
    public async Task Tools_that_block_run_beside_each_other()
    {
        using var all = new Barrier(3);
        await using EnclaveHost host = Host((_, _, _) => new(all.SignalAndWait(TimeSpan.FromSeconds(20)) ? "met" : "alone"));

        ExecutionResult result = await Run(
            host, "const [a, b, c] = await Promise.all([callTool('a', {}), callTool('b', {}), callTool('c', {})]); return [a, b, c].join()");

        Succeeded(result);
        Assert.Equal("met,met,met", result.Value.AsString());
    }

    [Fact]
    public async Task A_call_beside_a_tool_that_blocks_is_heard()
    {
        using var blocked = new ManualResetEventSlim();
        await using EnclaveHost host = Host((name, _, _) =>
        {
            if (name == "block") return new(blocked.Wait(TimeSpan.FromSeconds(20)));
            blocked.Set();
            return new("went");
        });

        // The second call comes in a later turn, when the first one already has its thread.
        ExecutionResult result = await Run(host,
            "const first = callTool('block', {}); await null; await null; const second = await callTool('free', {}); return [await first, second].join()");

        Assert.Equal("true,went", result.Value.AsString());
    }

    [Fact]
    public async Task A_run_ends_in_time_though_its_tool_blocks()
    {
        using var blocked = new ManualResetEventSlim();
        await using EnclaveHost host = Host((_, _, _) => new(blocked.Wait(TimeSpan.FromSeconds(30))));

        ExecutionResult result = await Run(host, "return await callTool('block', {})", new RunOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        bool wasBlocked = !blocked.IsSet;
        blocked.Set();

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        Assert.True(wasBlocked);
    }

    [Fact]
    public async Task A_caller_that_blocks_on_its_next_run_has_it()
    {
        await using EnclaveHost host = Host(workers: 1);

        // The caller continues on the thread of the first answer, and that thread blocks for the second answer.
        Task<ExecutionResult> both = Task.Run(async () =>
        {
            await host.RunAsync("return 1");
            return BlockOn(host.RunAsync("return 2"));
        });

        Assert.Equal(2, (await Within.Deadline(both, "second answer")).Value.AsDouble());
    }

    [Fact]
    public async Task Callers_that_block_keep_nobody_from_an_answer()
    {
        await using EnclaveHost host = Host(workers: 2);
        using var go = new ManualResetEventSlim();
        using var here = new CountdownEvent(TestSize.Of(100, 300));

        Task[] callers = [.. Enumerable.Range(0, here.InitialCount).Select(async (_) =>
        {
            await host.RunAsync("return 1").ConfigureAwait(false);
            here.Signal();
            go.Wait();
        })];
        // More calls than dedicated threads. The rest goes to the thread pool, which grows by one or two threads a second.
        ThreadPool.GetMinThreads(out int least, out int ports);
        ThreadPool.SetMinThreads(here.InitialCount + 8, ports);
        try
        {
            await Within.Becomes(() => here.IsSet, "all callers had their answers", () => $"{here.CurrentCount} had none");
            Assert.True((await Run(host, "return 1")).Success);
        }
        finally
        {
            go.Set();
            await Within.Deadline(Task.WhenAll(callers), "end of the callers");
            ThreadPool.SetMinThreads(least, ports);
        }
    }

    [Fact]
    public async Task Values_that_a_tool_leaves_in_its_context_stay_there()
    {
        var seen = new List<string?>();
        await using EnclaveHost host = Host((name, _, _) =>
        {
            seen.Add(s_local.Value);
            s_local.Value = name;
            return new("done");
        });

        Assert.True((await Run(host, "await callTool('one', {}); await callTool('two', {}); return 1")).Success);
        Assert.True((await Run(host, "await callTool('three', {}); return 1")).Success);

        Assert.Equal([null, null, null], seen);
    }

    [Fact]
    public async Task A_caller_keeps_its_context()
    {
        await using EnclaveHost host = Host();

        string? after = await Task.Run(async () =>
        {
            s_local.Value = "the caller's";
            await host.RunAsync("return 1");
            return s_local.Value;
        });

        Assert.Equal("the caller's", after);
    }

    [Fact]
    public async Task A_host_may_be_disposed_where_its_answer_arrives()
    {
        EnclaveHost host = Host(workers: 1);

        await Within.Deadline(Task.Run(async () =>
        {
            await host.RunAsync("return 1").ConfigureAwait(false);
            BlockOn(host.DisposeAsync().AsTask());
        }), "end of the disposal");
    }

    [Fact]
    public async Task A_large_answer_of_a_tool_arrives()
    {
        string large = new('x', 3 << 20);
        await using EnclaveHost host = Host((_, _, _) => new(large));

        ExecutionResult result = await Run(host, "let n = 0; for (let i = 0; i < 3; i++) n += (await callTool('large', {})).length; return n");

        Assert.Equal(3.0 * large.Length, result.Value.AsDouble());
    }

    [Fact]
    public async Task A_short_job_does_not_wait_for_long_ones()
    {
        await using EnclaveHost host = Host(workers: Environment.ProcessorCount + 1);
        await host.WarmUpAsync();
        using var end = new CancellationTokenSource();
        Task<ExecutionResult>[] busy = [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select((_) => host.RunAsync("for (let i = 0; i < 1e15; i++) {} return 0", new RunOptions { Timeout = TimeSpan.FromMinutes(1) }, end.Token))];

        Assert.True((await Run(host, "return 1")).Success);

        Assert.All(busy, (job) => Assert.False(job.IsCompleted, job.IsCompleted ? job.Result.Error?.Message : ""));
        await end.CancelAsync();
        foreach (Task<ExecutionResult> job in busy) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
    }

    [Fact]
    public async Task As_many_jobs_as_workers_need_no_queue()
    {
        int workers = Environment.ProcessorCount + 2;
        await using EnclaveHost host = Host(_gate.Handle, workers, queue: 0);
        await host.WarmUpAsync();
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == workers, "all workers were idle");

        // More at once than there are cores: some wait for their turn, and none is refused.
        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, workers).Select((_) => host.RunAsync(TestGate.Script))];
        for (int i = 0; i < workers; i++) await _gate.Arrival();
        ExecutionResult more = await Run(host, "return 1");

        Assert.Equal(ErrorCode.QueueFull, more.Error?.Code);
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(jobs), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Fact]
    public async Task Jobs_that_wait_for_tools_hold_no_core()
    {
        int waiting = (2 * Environment.ProcessorCount) + 1;
        await using EnclaveHost host = Host(_gate.Handle, workers: waiting + 1);
        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, waiting).Select((_) => host.RunAsync(TestGate.Script))];
        for (int i = 0; i < waiting; i++) await _gate.Arrival();

        Assert.True((await Run(host, "return 1")).Success);

        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(jobs), "all answers"), (result) => Assert.True(result.Success));
    }

    private static T BlockOn<T>(Task<T> task)
    {
        BlockOn((Task)task);
#pragma warning disable CA1849 // It has ended.
        return task.Result;
#pragma warning restore CA1849
    }

    private static void BlockOn(Task task) => Assert.True(Task.WaitAny([task], TimeSpan.FromSeconds(30)) == 0, "what was blocked on did not end");

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), "answer");

    private static void Succeeded(ExecutionResult result) => Assert.True(result.Success, result.Error?.Message);

    private static EnclaveHost Host(ToolHandler? tools = null, int workers = 1, int queue = 1000) => new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = workers }),
        WorkerPool = WorkerPoolPresets.Standard with { MaxQueueSize = queue },
        ToolHandler = tools,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
    }.WithoutGuard());
}
