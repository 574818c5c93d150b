using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Timers of durable runs: the long ones put the run aside.</summary>
public sealed class DurableTimerTests : DurableHosts
{
    private readonly HandClock _clock = new();

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
        _clock.Pass(TimeSpan.FromHours(1));
        Task<DurableRun> resumed = second.ResumeAsync("hour", cancellationToken: Token);
        // The short one does not put the run aside: it waits at the host.
        await Within.Becomes(
            () =>
            {
                _clock.Pass(TimeSpan.FromMilliseconds(10));
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

    private void Timed(EnclaveOptions options) => options.TimeProvider = _clock;

    /// <summary>Moves when a test says so. Its timers fire then.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly Lock _gate = new();
        private readonly List<HandTimer> _timers = [];
        private DateTimeOffset _now = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow()
        {
            lock (_gate) return _now;
        }

        public override long GetTimestamp() => GetUtcNow().UtcTicks;

        public void Pass(TimeSpan time)
        {
            HandTimer[] due;
            lock (_gate)
            {
                _now += time;
                due = [.. _timers.Where((timer) => timer.Due <= _now)];
                foreach (HandTimer timer in due) timer.Again(_now);
            }

            foreach (HandTimer timer in due) timer.Fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            lock (_gate) _timers.Add(timer);
            return timer;
        }

        private sealed class HandTimer(HandClock clock, Action fire) : ITimer
        {
            private TimeSpan _period;

            public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

            public void Fire() => fire();

            public void Again(DateTimeOffset now) => Due = _period > TimeSpan.Zero ? now + _period : DateTimeOffset.MaxValue;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                DateTimeOffset now = clock.GetUtcNow();
                (_period, Due) = (period, dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : now + dueTime);
                if (dueTime == TimeSpan.Zero) ThreadPool.UnsafeQueueUserWorkItem((_) => Fire(), null);
                return true;
            }

            public void Dispose()
            {
                lock (clock._gate) clock._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
