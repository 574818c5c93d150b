using System.Diagnostics;

namespace Enclave.LoadBench.Scale;

/// <summary>
/// W12: jobs of tenants without a worker at SECURE, where a worker serves one tenant. First with
/// a ready spare, then one tenant after another without a pause.
/// </summary>
internal sealed class TenantSwitches(Catalogue catalogue, BenchReport report, bool quick)
{
    /// <summary>Beyond the level's number of workers, a new tenant replaces another one and waits for a start.</summary>
    private const int TenantsOfAHost = 6;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public async Task MeasureAsync()
    {
        BenchJob job = catalogue.Job("W1");
        int number = 0;
        var times = new List<double>();
        for (int hosts = quick ? 1 : 16; hosts > 0; hosts--)
        {
            await using EnclaveHost fresh = await OpenAsync(job);
            for (int i = 0; i < TenantsOfAHost; i++)
            {
                await SettledAsync(fresh);
                long start = Stopwatch.GetTimestamp();
                job.CheckSuccess(await job.RunAsync(fresh, Next()));
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        await using EnclaveHost host = await OpenAsync(job);
        report.Percentiles("a new tenant, a spare ready", times, [50, 99]);
        foreach (int inFlight in (int[])[1, 4])
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<double> switches = await Callers.RunAsync(
                inFlight, TimeSpan.FromSeconds(quick ? 0.5 : 5), async () => job.CheckSuccess(await job.RunAsync(host, Next())));
            report.Figure($"new tenants, {inFlight} in flight", switches.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, "jobs/s", switches.Count);
            report.Percentiles($"new tenants, {inFlight} in flight", switches, [50, 99]);
        }

        string Next() => $"tenant-{Interlocked.Increment(ref number)}";
    }

    private async Task<EnclaveHost> OpenAsync(BenchJob job)
    {
        var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Secure with { MaxQueueSize = 100 },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await host.WarmUpAsync();
        // The jobs of one tenant warm up the guard and the path through the pool.
        await Callers.RunAsync(1, TimeSpan.FromSeconds(quick ? 0.3 : 1.5), async () => job.CheckSuccess(await job.RunAsync(host, "warm")));
        return host;
    }

    /// <summary>Waits until no worker is starting: then the spare is ready.</summary>
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
