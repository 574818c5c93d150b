using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Timers of durable runs: the long ones put the run aside.</summary>
public sealed class DurableTimerTests : DurableHosts
{
    private readonly ManualClock _clock = new();

    private protected override RunStore Store { get; } = RunStore.InMemory();

    [Fact]
    public async Task A_timer_of_an_hour_puts_the_run_aside_and_another_host_goes_on()
    {
        EnclaveHost first = Host(options: Timed), second = Host(options: Timed);
        const string Code = """
            const begin = Date.now(), id = crypto.randomUUID(), order = [];
            setTimeout(() => order.push('later'), 3_600_001);
            setTimeout(() => order.push('never'), 7_200_000);
            await callTool('note', { text: 'before' });
            await new Promise((done) => setTimeout(done, 3_600_000));
            order.push(Date.now() - begin, performance.now());
            await new Promise((done) => setTimeout(done, 1));
            return [order, id, crypto.randomUUID() !== id, await callTool('note', { text: 'after' })];
            """;

        DurableRun waiting = await first.StartAsync(Code, Named("hour"), Token);
        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        Assert.Equal([_clock.GetUtcNow().AddHours(1), _clock.GetUtcNow().AddHours(1).AddMilliseconds(1)], waiting.Waits.Select((wait) => wait.Until).Order());
        Assert.All(waiting.Waits, (wait) => Assert.Equal(WaitKind.Time, wait.Kind));
        await Within.Becomes(() => first.GetSnapshot().ActiveWorkers == 0, "its worker waited for another run");
        _clock.Advance(TimeSpan.FromHours(1));
        Task<DurableRun> resumed = second.ResumeAsync("hour", cancellationToken: Token);
        // The short one does not put the run aside: it waits at the host.
        await Within.Becomes(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(10));
                return resumed.IsCompleted;
            },
            "the end of the run");
        DurableRun ended = await resumed;

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error} {string.Join(", ", ended.Waits)}");
        Assert.All(ended.Result!.Value.Items[0].Items.Take(2), (time) => Assert.InRange(time.AsDouble(), 3_600_000, 3_700_000));
        Assert.Equal("later", ended.Result.Value.Items[0].Items[2].AsString());
        Assert.True(ended.Result.Value.Items[2].AsBoolean());
        Assert.Equal(["before", "after"], Ledger);
        Assert.Equal(2, ended.Result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task A_timer_wakes_the_run_by_itself()
    {
        EnclaveHost host = Host(wakes: true);

        ExecutionResult result = await host.RunAsync(
            "const begin = Date.now(); await new Promise((done) => setTimeout(done, 300)); " +
            "return [Date.now() - begin >= 300, await callTool('note', { text: 'late' })];",
            Named("nap"), Token);

        Assert.True(result.Success, $"{result.Error}");
        Assert.Equal("""[true,"note late"]""", result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_signal_that_times_out_ends_a_wait_for_an_answer()
    {
        EnclaveHost host = Host(wakes: true);
        const string Code = """
            const signal = AbortSignal.timeout(200);
            const late = new Promise((_, fail) => { signal.onabort = () => fail(signal.reason); });
            return await Promise.race([waitFor('approval'), late]).catch((e) => e.name);
            """;

        ExecutionResult result = await host.RunAsync(Code, Named("signal"), Token);

        Assert.Equal("\"TimeoutError\"", result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_clock_that_goes_on_before_a_timer_is_there_does_not_make_it_late()
    {
        var leaping = new LeapingClock(_clock, TimeSpan.FromMinutes(59), () => true);
        var tool = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EnclaveHost host = Host(
            add: (tools) => tools.Add("slow", async (NoteArgs args, ToolContext context, CancellationToken token) =>
            {
                await tool.Task.WaitAsync(token);
                return args.Text;
            }),
            options: (options) => options.TimeProvider = leaping);
        // A pending tool keeps the run in its worker.
        Task<ExecutionResult> run = host.RunAsync(
            "const slow = callTool('slow', { text: 'b' }); await new Promise((done) => setTimeout(done, 3_600_000)); " +
            "return [await callTool('note', { text: 'a' }), await slow];",
            Named("leap"), Token);
        await Within.Becomes(() => leaping.HasLeapt, "the clock went on");

        _clock.Advance(TimeSpan.FromMinutes(2));
        await Within.Becomes(() => Ledger.Any(), "the timer of the script ended");
        tool.SetResult();

        ExecutionResult ended = await Within.Deadline(run, "result");
        Assert.Equal("""["note a","b"]""", ended.Value.ToJsonString());
    }

    private void Timed(EnclaveOptions options) => options.TimeProvider = _clock;
}
