using System.Diagnostics;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>W5: answers per second when callers do not wait for one another.</summary>
internal static class Load
{
    public static async Task MeasureAsync(Plan plan, IPeer peer, BenchReport report)
    {
        (int inFlight, TimeSpan warmUp) = (plan.Settings.InFlight, TimeSpan.FromMilliseconds(plan.Settings.WarmupMs));
        await Callers.RunAsync(inFlight, warmUp > plan.LeastWarmUp ? warmUp : plan.LeastWarmUp, () => peer.RunAsync(plan.Job));
        long start = Stopwatch.GetTimestamp();
        int done = (await Callers.RunAsync(inFlight, TimeSpan.FromMilliseconds(plan.Settings.DurationMs), () => peer.RunAsync(plan.Job))).Count;
        report.Figure($"{inFlight} in flight", done / Stopwatch.GetElapsedTime(start).TotalSeconds, "jobs/s", done);
    }
}
