using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Many runs that are due at the same moment, at a host that did not start them; and fresh runs, one after another, alone and beside them.</summary>
internal sealed class DueAtOnce(MeasuredStore store, BenchReport report, DurableSizes sizes)
{
    private const string Code = "await waitUntil(args.at); return 1", Fresh = "return 1";

    private const int Callers = 8;

    private static readonly TimeSpan s_wait = TimeSpan.FromHours(12);

    public async Task MeasureAsync()
    {
        int due = await SuspendAllAsync();
        report.Figure("runs due at once", due, "", 1, due == sizes.Due ? null : $"of {sizes.Due}: the others would have taken more than {sizes.DueTime:g}");
        var clock = new ShiftedClock();
        await using EnclaveHost host = await DurableHosts.OpenAsync(store, wakes: true, clock: clock);
        for (int i = 0; i < sizes.Fresh / 4; i++) await RunFreshAsync(host);
        IReadOnlyList<double> alone = await Benchmarks.Callers.RunApartAsync(sizes.Fresh, TimeSpan.Zero, () => RunFreshAsync(host));
        report.Percentiles("a fresh run alone", alone, [50, 99]);

        // All of them become due in one moment, however long their starts took.
        clock.Ahead = 2 * s_wait;
        long start = Stopwatch.GetTimestamp();
        Task<int> over = EndAllAsync(host, start);
        var beside = new List<double>();
        while (!over.IsCompleted)
        {
            long begun = Stopwatch.GetTimestamp();
            await RunFreshAsync(host);
            beside.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int open = await over, ended = due - open;
        report.Percentiles("a fresh run beside", beside, [50, 99]);
        report.Figure("time until their end", seconds, "s", ended, open == 0 ? null : $"{open} had not ended by then");
        if (ended > 0) report.Figure("runs woken", ended / seconds, "runs/s", ended);
    }

    /// <summary>Returns how many runs wait.</summary>
    private async Task<int> SuspendAllAsync()
    {
        await using EnclaveHost host = await DurableHosts.OpenAsync(store);
        var globals = new Dictionary<string, object?> { ["args"] = new { at = (TimeProvider.System.GetUtcNow() + s_wait).ToUnixTimeMilliseconds() } };
        int taken = 0, started = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select((_) => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < sizes.DueTime && Interlocked.Increment(ref taken) is var number && number <= sizes.Due)
            {
                await DurableHosts.SuspendAsync(host, $"due-{number}", Code, globals);
                Interlocked.Increment(ref started);
            }
        })));
        report.Figure("start of a run, 8 at once", Stopwatch.GetElapsedTime(start).TotalMilliseconds / started, "ms", started);
        return started;
    }

    /// <summary>Completes when no run waits or runs any more, or when that takes too long. Returns how many are left.</summary>
    private async Task<int> EndAllAsync(EnclaveHost host, long start)
    {
        // A change makes the host look at the clock.
        await host.StartAsync(Fresh, new RunOptions { Durable = "look" });
        while (true)
        {
            long asked = Stopwatch.GetTimestamp();
            int open = await CountAsync(DurableRunState.Suspended) + await CountAsync(DurableRunState.Running);
            if (open == 0 || Stopwatch.GetElapsedTime(start) > sizes.DueTime) return open;
            // Reading all rows of a folder takes time: it is done seldom.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(5 * Stopwatch.GetElapsedTime(asked).TotalMilliseconds, 100, 10_000)));
        }
    }

    /// <summary>The store itself has no largest page.</summary>
    private async Task<int> CountAsync(DurableRunState state) =>
        (await store.Store.ListAsync(new RunQuery { State = state, Limit = int.MaxValue }, CancellationToken.None)).Count;

    private static async Task RunFreshAsync(EnclaveHost host)
    {
        ExecutionResult result = await host.RunAsync(Fresh);
        if (!result.Success) throw new BenchException($"a fresh run failed: {result.Error!.Message}");
    }

    /// <summary>The system's clock, or one that is ahead of it.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private long _ahead;

        public TimeSpan Ahead
        {
            set => Volatile.Write(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _ahead));
    }
}
