using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Many runs that are due at the same moment, at a host that did not start them; and fresh runs, one after another, alone and beside them.</summary>
internal sealed class DueAtOnce(MeasuredStore store, BenchReport report, DurableSizes sizes)
{
    private const string Code = "await waitUntil(args.at); return 1", Fresh = "return 1";

    private const int Callers = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20), s_wait = TimeSpan.FromHours(12);

    public async Task MeasureAsync()
    {
        await SuspendAllAsync();
        var clock = new ShiftedClock();
        await using EnclaveHost host = await DurableHosts.OpenAsync(store, wakes: true, clock: clock);
        for (int i = 0; i < sizes.Fresh / 4; i++) await RunFreshAsync(host);
        IReadOnlyList<double> alone = await Benchmarks.Callers.RunApartAsync(sizes.Fresh, TimeSpan.Zero, () => RunFreshAsync(host));
        report.Percentiles("a fresh run alone", alone, [50, 99]);

        // All of them become due in one moment, however long their starts took.
        clock.Ahead = 2 * s_wait;
        long start = Stopwatch.GetTimestamp();
        Task<TimeSpan> over = EndAllAsync(host, start);
        var beside = new List<double>();
        while (!over.IsCompleted)
        {
            long begun = Stopwatch.GetTimestamp();
            await RunFreshAsync(host);
            beside.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        TimeSpan all = await over;
        report.Percentiles("a fresh run beside", beside, [50, 99]);
        report.Figure("runs due at once", sizes.Due, "", 1);
        report.Figure("all have ended after", all.TotalSeconds, "s", sizes.Due);
        report.Figure("runs woken", sizes.Due / all.TotalSeconds, "runs/s", sizes.Due);
    }

    private async Task SuspendAllAsync()
    {
        await using EnclaveHost host = await DurableHosts.OpenAsync(store);
        var globals = new Dictionary<string, object?> { ["args"] = new { at = (TimeProvider.System.GetUtcNow() + s_wait).ToUnixTimeMilliseconds() } };
        int started = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select((_) => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref started) is var number && number <= sizes.Due)
                await DurableHosts.SuspendAsync(host, $"due-{number}", Code, globals);
        })));
        report.Figure("start of a run, 8 at once", Stopwatch.GetElapsedTime(start).TotalMilliseconds / sizes.Due, "ms", sizes.Due);
    }

    /// <summary>Completes when no run waits or runs any more.</summary>
    private static async Task<TimeSpan> EndAllAsync(EnclaveHost host, long start)
    {
        // A change makes the host look at the clock.
        await host.StartAsync(Fresh, new RunOptions { Durable = "look" });
        while (Stopwatch.GetElapsedTime(start) < s_patience)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(start);
            // Pages of a large store take time: they are asked for seldom.
            if (await IsNoneAsync(host, DurableRunState.Suspended) && await IsNoneAsync(host, DurableRunState.Running)) return now;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(5 * (Stopwatch.GetElapsedTime(start) - now).TotalMilliseconds, 100, 10_000)));
        }

        throw new BenchException($"not all runs had ended after {s_patience}");
    }

    private static async Task<bool> IsNoneAsync(EnclaveHost host, DurableRunState state) =>
        (await host.Runs.ListAsync(new RunQuery { State = state, Limit = 1 })).Count == 0;

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
