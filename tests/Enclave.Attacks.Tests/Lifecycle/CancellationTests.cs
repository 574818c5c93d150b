using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// L8: a cancel may come at any moment of a job's life. The job is cancelled or has its result, exactly once, and does not affect the worker's next job.
/// </summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task L8_A_cancel_at_any_moment_gives_one_answer()
    {
        var random = new Random(20254);
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 2, MaxWorkers = 2, MaxQueueSize = 1000 },
            ToolHandler = static (_, args, _) => new(args),
        };
        await using var host = new EnclaveHost(options.WithoutGuard());
        await Within.Deadline(host.WarmUpAsync(), "warm pool");
        int rounds = TestSize.Of(150, 10_000), cancelled = 0, finished = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var cancel = new CancellationTokenSource();
            string code = random.Next(4) switch
            {
                0 => $"return {round}",
                1 => $"callTool('late', {{}}); return {round}",
                2 => $"await callTool('echo', {{}}); return {round}",
                _ => $"let n = 0; for (let i = 0; i < {random.Next(200_000)}; i++) n += i; return {round}",
            };
            int spins = random.Next(5) == 0 ? 0 : random.Next(60_000);
            Task<ExecutionResult> job = host.RunAsync(code, null, cancel.Token);
            Task<ExecutionResult> neighbour = host.RunAsync($"return {-round}");
            Thread.SpinWait(spins);
            await cancel.CancelAsync();
            try
            {
                ExecutionResult result = await Within.Deadline(job, $"end of job {round}");
                Assert.True(result.Success, $"round {round} ({code}): {result.Error?.Code} {result.Error?.Message}");
                Assert.Equal(round, result.Value.AsInt32());
                finished++;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            ExecutionResult other = await Within.Deadline(neighbour, $"answer to the neighbour of {round}");
            Assert.True(other.Success, $"the neighbour of round {round} ({code}): {other.Error?.Code} {other.Error?.Message}");
            Assert.Equal(-round, other.Value.AsInt32());
        }

        Assert.Equal(rounds, cancelled + finished);
        PoolSnapshot snapshot = host.GetSnapshot();
        Assert.Equal(2 * rounds, snapshot.Submitted);
        await Within.Becomes(() => host.GetSnapshot().Settled == 2 * rounds, "every job was counted as settled");
    }

    [Fact]
    public async Task L8_A_queued_job_that_is_cancelled_never_starts()
    {
        var gate = new TestGate();
        int started = 0;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) => name == "started" ? new(Interlocked.Increment(ref started)) : gate.Handle(name, args, context),
        });
        Task<ExecutionResult> running = host.RunAsync(TestGate.Script);
        await gate.Arrival();
        using var cancel = new CancellationTokenSource();
        Task<ExecutionResult> queued = host.RunAsync("await callTool('started', {})", null, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(queued, "end of the queued job"));
        Assert.Equal(0, host.GetSnapshot().QueueDepth);
        gate.Open();
        Assert.True((await Within.Deadline(running, "answer of the running job")).Success);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of a later job")).Success);
        Assert.Equal(0, started);
    }

    [Fact]
    public async Task L8_A_tool_that_answers_after_its_job_disturbs_no_other()
    {
        // The handler returns after the script has ended, while the worker takes its next job.
        int rounds = TestSize.Of(150, 5000);
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = static (_, args, _) => new(args), MaxToolCalls = 100 });
        for (int round = 0; round < rounds; round += 10)
        {
            Task<ExecutionResult>[] jobs = [.. Enumerable.Range(round, 10).Select((i) => host.RunAsync(
                $"for (let k = 0; k < {i % 20}; k++) callTool('late', {{}}); const r = await callTool('kept', {{ i: {i} }}); for (let k = 0; k < 8; " +
                $"k++) callTool('late', {{}}); return r.i"))];
            ExecutionResult[] results = await Within.Deadline(Task.WhenAll(jobs), "ten answers");
            for (int i = 0; i < 10; i++)
            {
                Assert.True(results[i].Success, $"job {round + i}: {results[i].Error?.Code} {results[i].Error?.Message}");
                Assert.Equal(round + i, results[i].Value.AsInt32());
            }
        }
    }
}
