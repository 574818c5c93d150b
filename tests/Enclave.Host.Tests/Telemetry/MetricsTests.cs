using Enclave.Tests;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>The figures of the meter "Enclave".</summary>
[Collection(Alone.Name)]
public sealed class MetricsTests
{
    private readonly TestGate _gate = new();

    [Fact]
    public async Task Every_end_of_a_run_is_counted_by_code_and_level()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using var figures = new Figures((options) => (options.SecurityLevel, options.AllowDegradedIsolation, options.Timeout) = (
            SecurityLevel.Secure, Enum.GetValues<IsolationLayer>(), TimeSpan.FromMilliseconds(200)));

        await figures.Host.RunAsync("return 1");
        await figures.Host.RunAsync("eval('1')");
        await figures.Host.RunAsync("throw { message: 'no' }");
        await figures.Host.RunAsync("for (let i = 0; i < 1e9; i++) {}");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => figures.Host.RunAsync("return 1", null, new CancellationToken(canceled: true)));

        // Cancelled before it began, so it does not count as a run.
        Assert.Equal(
            ["code=OK,level=SECURE", "code=VALIDATION_ERROR,level=SECURE", "code=RUNTIME_ERROR,level=SECURE", "code=MAX_ITERATIONS,level=SECURE"],
            figures.TagsOf("enclave.jobs.duration"));
        Assert.All(figures.Of("enclave.jobs.duration"), (figure) => Assert.InRange(figure.Value, double.Epsilon, 60));
        Assert.Equal(["code=VALIDATION_ERROR,level=SECURE"], figures.TagsOf("enclave.guard.refusals"));
        // The refused one did not ask for a worker.
        Assert.Equal(3, figures.Of("enclave.queue.duration").Length);
        Assert.Equal(3, figures.Of("enclave.jobs.cpu").Length);
        Assert.Equal(3, figures.Of("enclave.jobs.memory").Length);
    }

    [Fact]
    public async Task A_run_that_its_caller_cancels_is_counted_as_such()
    {
        await using var figures = new Figures((options) => options.ToolHandler = _gate.Handle);
        using var cancel = new CancellationTokenSource();
        Task<ExecutionResult> run = figures.Host.RunAsync(TestGate.Script, null, cancel.Token);
        await _gate.Arrival();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "cancelled run"));
        Assert.Equal(["code=CALLER_CANCELLED,level=STANDARD"], figures.TagsOf("enclave.jobs.duration"));
    }

    [Fact]
    public async Task Workers_and_queue_are_observed_and_their_ends_have_reasons()
    {
        await using var figures = new Figures((options) =>
        {
            (options.Adapter, options.ToolHandler) = (EnclaveAdapter.WorkerPool, _gate.Handle);
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, MaxQueueSize = 1 };
        });
        await Within.Deadline(figures.Host.WarmUpAsync(), "warm worker");
        Assert.Equal((1, 0, 0), (figures.Now("enclave.workers.idle"), figures.Now("enclave.workers.active"), figures.Now("enclave.queue.depth")));

        Task<ExecutionResult> runs = figures.Host.RunAsync(TestGate.Script);
        await _gate.Arrival();
        Task<ExecutionResult> waits = figures.Host.RunAsync("return 2");
        Assert.Equal((0, 1, 1), (figures.Now("enclave.workers.idle"), figures.Now("enclave.workers.active"), figures.Now("enclave.queue.depth")));
        Assert.Equal(ErrorCode.QueueFull, (await figures.Host.RunAsync("return 3")).Error!.Code);
        _gate.Open();
        await Within.Deadline(Task.WhenAll(runs, waits), "both answers");
        await figures.Host.RunAsync("for(;;){}", new RunOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        await figures.Host.RunAsync("let s = 0; for (let i = 0; i < 5000; i++) for (let j = 0; j < 5000; j++) s += i * j; return s", new RunOptions
        {
            Timeout = TimeSpan.FromMilliseconds(20),
            MaxIterations = 1_000_000_000,
        });
        await Within.Becomes(() => figures.Of("enclave.kills.duration").Length >= 1, "the killed worker was reaped");

        Assert.Equal(["reason=time"], figures.TagsOf("enclave.workers.recycled").Distinct());
        Assert.All(figures.Of("enclave.kills.duration"), (kill) => Assert.InRange(kill.Value, double.Epsilon, 10));
        Assert.Contains("code=QUEUE_FULL,level=STANDARD", figures.TagsOf("enclave.jobs.duration"));
    }

    [Fact]
    public async Task A_tool_is_a_tag_if_it_is_registered_and_other_if_a_script_made_it_up()
    {
        await using var figures = new Figures((options) =>
        {
            options.Tools.Add("double", (DoubleArgs args, ToolContext _, CancellationToken _) => Task.FromResult(args.N * 2));
            options.ToolHandler = (name, _, _) => name == "bad" ? throw new ToolException("no") : new(1);
        });

        ExecutionResult result = await figures.Host.RunAsync("""
            const a = await callTool('double', { n: 2 });
            const b = await callTool('made-up-1', {});
            const c = await callTool('made-up-2', {});
            try { await callTool('bad', {}); } catch (e) { return a + b + c; }
            """);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(6, result.Value.AsInt32());
        Assert.Equal(
            ["tool=double,outcome=ok", "tool=other,outcome=ok", "tool=other,outcome=ok", "tool=other,outcome=error"], figures.TagsOf("enclave.tools.duration"));
    }

    [Fact]
    public async Task Failed_starts_and_security_events_are_counted()
    {
        using var meters = new TestMeters();
        var launcher = new TestLauncher(
            TestLauncher.Command("/bin/false"), TestLauncher.Fake("hello", "ready-with-another-nonce", "read-on"), TestLauncher.Real());
        await using var host = new EnclaveHost(new EnclaveOptions(), null, launcher, meters.Metrics);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((2, 1), (meters.Count("enclave.workers.start_failures"), meters.Count("enclave.security.events")));
    }

    private sealed record DoubleArgs(int N);
}
