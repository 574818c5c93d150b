using System.Diagnostics;

namespace Enclave.LoadBench.Workloads;

/// <summary>W5: answers per second when callers do not wait for one another.</summary>
internal sealed class Load(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.JobOf(name);
        int inFlight = catalogue.Number(name, "inFlight");
        await using EnclaveHost host = hosts.Open();
        await host.WarmUpAsync();
        job.Check(await job.RunAsync(host));
        // The pool grows during the warm-up.
        TimeSpan warmUp = TimeSpan.FromMilliseconds(catalogue.Number(name, "warmupMs"));
        await Callers.RunAsync(inFlight, warmUp > catalogue.LeastWarmUp ? warmUp : catalogue.LeastWarmUp, RunAsync);
        var cost = new HostCost();
        long start = Stopwatch.GetTimestamp();
        int done = (await Callers.RunAsync(inFlight, TimeSpan.FromMilliseconds(catalogue.Number(name, "durationMs")), RunAsync)).Count;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Figure($"{inFlight} in flight", done / seconds, "jobs/s", done, $"{host.GetSnapshot().Workers} workers");
        cost.Report(report, $"{inFlight} in flight", done);

        async Task RunAsync() => job.CheckSuccess(await job.RunAsync(host));
    }
}
