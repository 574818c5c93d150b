namespace Enclave.Host.Tests;

/// <summary>The host has no memory for a frame to a worker, of which it has written a part.</summary>
public sealed class HalfFrameTests
{
    [Fact]
    public async Task A_frame_that_cannot_be_written_is_a_failed_call_and_breaks_no_other_frame()
    {
        var clock = new ExhaustedClock();
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 },
            TimeProvider = clock,
            ToolHandler = (_, _, _) =>
            {
                clock.FailNext();
                return new ValueTask<object?>("an answer");
            },
        };
        await using var host = new EnclaveHost(options);

        // The frame of an answer to a recorded run has the time behind the answer.
        ExecutionResult first = await host.RunAsync(
            "return await callTool('t', {}).catch((error) => error.code)", new RunOptions { Record = true }, TestContext.Current.CancellationToken);
        ExecutionResult next = await host.RunAsync("return 7", cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(first.Success && next.Success, first.Error?.Message ?? next.Error?.Message);
        Assert.Equal(("TOOL_RESULT_TOO_LARGE", 7), (first.Value.AsString(), next.Value.AsInt32()));
        Assert.Equal(0, host.GetSnapshot().Recycled);
        // The recording has the failure that the script got, not the tool's answer.
        Assert.Null((await host.ReplayAsync(first.Recording!, TestContext.Current.CancellationToken)).Difference);
    }

    /// <summary>The machine's clock, which once has no memory.</summary>
    private sealed class ExhaustedClock : TimeProvider
    {
        private int _fails;

        public void FailNext() => Volatile.Write(ref _fails, 1);

        public override DateTimeOffset GetUtcNow() =>
            Interlocked.Exchange(ref _fails, 0) == 1 ? throw new InsufficientMemoryException() : base.GetUtcNow();
    }
}
