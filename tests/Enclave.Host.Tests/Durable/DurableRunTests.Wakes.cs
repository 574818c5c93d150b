using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <content>Runs that hosts go on with by themselves.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task A_run_that_is_answered_does_not_wait_behind_the_runs_of_another_tenant()
    {
        // More of them than a host asks the store for at once.
        const int Flood = 120;
        EnclaveHost first = Host();
        var tokens = new List<string>();
        for (int i = 0; i < Flood; i++)
        {
            DurableRun waiting = await first.StartAsync(
                "await waitFor('go'); return await callTool('stuck', {})", Named($"a-{i}") with { Tenant = "a" }, Token);
            tokens.Add(waiting.Waits[0].Token);
        }

        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int stuck = 0;
        EnclaveHost waking = Host(
            wakes: true,
            add: (tools) => tools.Add("stuck", async () =>
            {
                Interlocked.Increment(ref stuck);
                await go.Task;
                return 1;
            }),
            options: (options) =>
            {
                options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 4, GracefulShutdownTimeout = TimeSpan.FromMilliseconds(100) };
                options.Durable!.MaxWaking = 2;
            });
        Task<ExecutionResult> other = waking.RunAsync("return await waitFor('go')", Named("b") with { Tenant = "b" }, Token);
        foreach (string token in tokens) await first.AnswerAsync(token, true, Token);
        await Within.Becomes(() => Volatile.Read(ref stuck) == 2, "the first tenant's runs have their places");

        DurableRun? b = null;
        await Within.Becomes(() => (b = waking.Runs.FindAsync("b", "b", Token).GetAwaiter().GetResult())?.Waits.Count == 1, "the other tenant's run waits");
        await waking.AnswerAsync(b!.Waits[0].Token, "done", Token);

        Assert.Equal("done", (await Within.Deadline(other, "the other tenant's result")).Value.AsString());
        Assert.Equal(2, Volatile.Read(ref stuck));
        go.SetResult();
    }

    [Fact]
    public async Task A_run_goes_on_at_once_when_the_clock_of_the_host_that_it_left_was_ahead()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EnclaveHost ahead = Host(
            add: (tools) => tools.Add("put", async (ToolContext context, CancellationToken token) =>
            {
                called.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return 1;
            }, new ToolOptions { Idempotent = true }),
            options: (options) => options.TimeProvider = new AheadClock(TimeSpan.FromHours(3)));
        Task<DurableRun> running = ahead.StartAsync("return await callTool('put', {})", Named("early"), Token);
        await called.Task.WaitAsync(Token);
        await ahead.DisposeAsync();
        await running;

        EnclaveHost other = Host(wakes: true, add: (tools) => tools.Add("put", () => 2, new ToolOptions { Idempotent = true }));

        DurableRun ended = await Within.Deadline(other.Runs.WaitAsync("early", cancellationToken: Token), "the result");
        Assert.Equal(2, ended.Result!.Value.AsInt32());
    }

    [Fact]
    public async Task Runs_whose_journals_have_no_room_beside_each_other_are_woken_in_turn()
    {
        const int Runs = 6, Characters = 900_000;
        EnclaveHost first = Host(add: (tools) => tools.Add("big", () => new string('x', Characters)));
        for (int i = 0; i < Runs; i++)
        {
            DurableRun waiting = await first.StartAsync(
                "const big = await callTool('big', {}); return big.length + (await waitFor('go')).length", Named($"big-{i}"), Token);
            await first.AnswerAsync(waiting.Waits[0].Token, new string('y', Characters), Token);
        }

        // A journal takes 1.8 MB of it, and journals together at most 1 MB: each is alone.
        EnclaveHost waking = Host(wakes: true, options: (options) =>
        {
            options.WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 2,
                MaxWorkers = 2,
                HostMemoryLimit = 4 << 20,
                HostMemoryLimitPerRun = 2 << 20,
                GracefulShutdownTimeout = TimeSpan.FromMilliseconds(100),
            };
            options.Durable!.MaxWaking = Runs;
        });

        for (int i = 0; i < Runs; i++)
        {
            DurableRun ended = await Within.Deadline(waking.Runs.WaitAsync($"big-{i}", cancellationToken: Token), $"the result of run {i}");
            Assert.Null(ended.Result!.Error);
            Assert.Equal(2 * Characters, ended.Result.Value.AsInt32());
        }
    }

    /// <summary>A clock that is ahead of the others'.</summary>
    private sealed class AheadClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
