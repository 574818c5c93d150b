using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// L9: a host may be disposed at any moment, from anywhere, any number of times. Every accepted job has its answer, and every process is reaped.
/// </summary>
public sealed class DisposalTests
{
    private readonly TestGate _gate = new();
    private readonly TestLauncher _launcher = new(TestLauncher.Real());

    [Fact]
    public async Task L9_Disposed_twice_and_at_once()
    {
        EnclaveHost host = Host();
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer")).Success);

        await Within.Deadline(Task.WhenAll(Enumerable.Range(0, 8).Select((_) => Task.Run(() => host.DisposeAsync().AsTask()))), "end of all disposals");
        await Within.Deadline(host.DisposeAsync().AsTask(), "end of one more disposal");

        Assert.Throws<ObjectDisposedException>(() => { _ = host.RunAsync("return 1"); });
        AssertNoProcess();
    }

    [Fact]
    public async Task L9_Disposed_while_workers_start()
    {
        EnclaveHost host = Host();
        Task<ExecutionResult> waiting = host.RunAsync("return 1");
        Task warm = host.WarmUpAsync();

        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the disposal");

        ExecutionResult result = await Within.Deadline(waiting, "answer");
        Assert.True(result.Success || result.Error!.Code == ErrorCode.PoolDisposed, result.Error?.Message);
        await Within.Deadline(warm.ContinueWith(static (_) => { }, TaskScheduler.Default), "end of the warm-up");
        AssertNoProcess();
    }

    [Fact]
    public async Task L9_Disposed_while_jobs_run_and_wait()
    {
        EnclaveHost host = Host();
        Task<ExecutionResult>[] running = [host.RunAsync(TestGate.Script), host.RunAsync(TestGate.Script)];
        await _gate.Arrival();
        await _gate.Arrival();
        Task<ExecutionResult> waiting = host.RunAsync("return 1");

        Task disposal = host.DisposeAsync().AsTask();

        // Waiting jobs end at once. Running jobs may finish.
        Assert.Equal(ErrorCode.PoolDisposed, (await Within.Deadline(waiting, "answer of the waiting job")).Error?.Code);
        _gate.Open();
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(running), "answers of the running jobs");
        Assert.All(results, (result) => Assert.True(result.Success, result.Error?.Message));
        await Within.Deadline(disposal, "end of the disposal");
        AssertNoProcess();
    }

    [Fact]
    public async Task L9_Disposed_while_a_job_will_not_end()
    {
        EnclaveHost host = Host(TimeSpan.FromMilliseconds(50));
        Task<ExecutionResult> running = host.RunAsync("await callTool('gate', {})");
        Task<ExecutionResult> spinning = host.RunAsync("for(;;){}");
        await _gate.Arrival();
        await Within.Becomes(() => host.GetSnapshot().ActiveWorkers == 2, "both jobs ran");

        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the disposal");

        Assert.Equal(ErrorCode.PoolDisposed, (await Within.Deadline(running, "answer of the job in its tool")).Error?.Code);
        Assert.Equal(ErrorCode.PoolDisposed, (await Within.Deadline(spinning, "answer of the spinning job")).Error?.Code);
        AssertNoProcess();
    }

    [Fact]
    public async Task L9_Disposed_by_a_tool()
    {
        EnclaveHost host = null!;
        host = Host(TimeSpan.FromMilliseconds(50), (options) => options.ToolHandler = async (_, _, _) =>
        {
            await host.DisposeAsync();
            return null;
        });

        ExecutionResult result = await Within.Deadline(host.RunAsync("return await callTool('dispose', {})"), "answer");

        Assert.Equal(ErrorCode.PoolDisposed, result.Error?.Code);
        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the disposal");
        AssertNoProcess();
    }

    [Theory]
    [InlineData("recycled")]
    [InlineData("stats")]
    [InlineData("console")]
    public async Task L9_Disposed_by_a_callback_that_waits_for_it(string callback)
    {
        EnclaveHost host = null!;
        var called = new TaskCompletionSource();
#pragma warning disable xUnit1031 // Waiting inside a callback is what this test is about.
        void Dispose()
        {
            called.TrySetResult();
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
#pragma warning restore xUnit1031
        var ready = new TaskCompletionSource();
        host = Host(TimeSpan.FromMilliseconds(50), (options) =>
        {
            if (callback == "recycled") options.OnWorkerRecycled = (_) => Dispose();
            if (callback != "stats") return;
            options.OnStatsUpdate = (_) =>
            {
                ready.Task.GetAwaiter().GetResult();
                Dispose();
            };
        });
        ready.SetResult();
        Task<ExecutionResult> job = host.RunAsync("console.log(1); return 1", new RunOptions { OnConsole = callback == "console" ? (_) => Dispose() : null });
        if (callback == "recycled") await Within.Becomes(() => Kill(), "there was a worker to kill");

        await Within.Deadline(called.Task, $"call of the {callback} callback");
        await Within.Deadline(host.DisposeAsync().AsTask(), "end of the disposal");

        await Within.Deadline(job, "answer");
        AssertNoProcess();

        bool Kill()
        {
            if (_launcher.Pids.Length == 0) return false;
            ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Kill);
            return true;
        }
    }

    private EnclaveHost Host(TimeSpan? graceful = null, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 2,
                MaxWorkers = 2,
                GracefulShutdownTimeout = graceful
            ?? TimeSpan.FromSeconds(20),
                StartTimeout = TimeSpan.FromSeconds(20)
            },
            ToolHandler = _gate.Handle,
        };
        change?.Invoke(options);
        return new EnclaveHost(options.WithoutGuard(), null, _launcher);
    }

    private void AssertNoProcess() => Assert.All(_launcher.Pids, (pid) => Assert.False(ProcessTable.IsWorker(pid), $"pid {pid} was left behind"));
}
