using System.Diagnostics;

namespace Enclave.LoadBench.Scale;

/// <summary>W12: jobs of tenants who have no worker yet, at SECURE, where a worker serves one tenant: from a spare that is ready, and one tenant after another without a pause.</summary>
internal sealed class TenantSwitches(Catalogue catalogue, BenchReport report, bool quick)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public async Task MeasureAsync()
    {
        BenchJob job = catalogue.Job("W1");
        int number = 0;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Secure with { MaxQueueSize = 100 },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await host.WarmUpAsync();
        // The guard and the path through the pool are compiled by one tenant's jobs.
        await Callers.RunAsync(1, TimeSpan.FromSeconds(quick ? 0.3 : 1.5), async () => job.CheckSuccess(await job.RunAsync(host, "warm")));

        var times = new List<double>();
        for (int i = 0; i < (quick ? 5 : 100); i++)
        {
            await SettledAsync(host);
            long start = Stopwatch.GetTimestamp();
            job.CheckSuccess(await job.RunAsync(host, Next()));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.Percentiles("a new tenant, a spare ready", times, [50, 99]);
        foreach (int inFlight in (int[])[1, 4])
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<double> switches = await Callers.RunAsync(inFlight, TimeSpan.FromSeconds(quick ? 0.5 : 5), async () => job.CheckSuccess(await job.RunAsync(host, Next())));
            report.Figure($"new tenants, {inFlight} in flight", switches.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, "jobs/s", switches.Count);
            report.Percentiles($"new tenants, {inFlight} in flight", switches, [50, 99]);
        }

        string Next() => $"tenant-{Interlocked.Increment(ref number)}";
    }

    /// <summary>Until nothing starts any more: the spare is there.</summary>
    private static async Task SettledAsync(EnclaveHost host)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience) throw new BenchException("no spare worker became ready");
            await Task.Delay(15);
        }
        while (host.GetSnapshot() is { StartingWorkers: > 0 } or { IdleWorkers: 0 });
    }
}
