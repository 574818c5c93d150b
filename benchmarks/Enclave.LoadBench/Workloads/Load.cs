using System.Diagnostics;

namespace Enclave.LoadBench.Workloads;

/// <summary>W5: how many answers a second when callers do not wait for one another.</summary>
internal sealed class Load(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    /// <summary>As in <see cref="Latency"/>, and for the pool to have grown.</summary>
    private static readonly TimeSpan s_leastWarmUp = TimeSpan.FromSeconds(1);

    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.JobOf(name);
        int inFlight = catalogue.Number(name, "inFlight");
        await using EnclaveHost host = hosts.Open();
        await host.WarmUpAsync();
        job.Check(await job.RunAsync(host));
        TimeSpan warmUp = TimeSpan.FromMilliseconds(catalogue.Number(name, "warmupMs"));
        await CallersAsync(host, job, inFlight, warmUp > s_leastWarmUp ? warmUp : s_leastWarmUp);
        long start = Stopwatch.GetTimestamp();
        int done = await CallersAsync(host, job, inFlight, TimeSpan.FromMilliseconds(catalogue.Number(name, "durationMs")));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Figure($"{inFlight} in flight", done / seconds, "jobs/s", done, $"{host.GetSnapshot().Workers} workers");
    }

    /// <summary>Keeps so many jobs going until the time is over; how many ended, the last ones included.</summary>
    private static async Task<int> CallersAsync(EnclaveHost host, BenchJob job, int count, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, count).Select((_) => Task.Run(CallAsync)));
        return done;

        async Task CallAsync()
        {
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                job.CheckSuccess(await job.RunAsync(host));
                Interlocked.Increment(ref done);
            }
        }
    }
}
