using System.Diagnostics;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>W5: answers per second when callers do not wait for one another.</summary>
internal static class Load
{
    public static async Task MeasureAsync(Plan plan, IPeer peer)
    {
        TimeSpan warmUp = TimeSpan.FromMilliseconds(plan.Settings.WarmupMs);
        await CallAsync(warmUp > WarmUp.Least(plan) ? warmUp : WarmUp.Least(plan));
        long start = Stopwatch.GetTimestamp();
        int done = await CallAsync(TimeSpan.FromMilliseconds(plan.Settings.DurationMs));
        Figures.Figure($"{plan.Settings.InFlight} in flight", done / Stopwatch.GetElapsedTime(start).TotalSeconds, "jobs/s", done);

        async Task<int> CallAsync(TimeSpan duration)
        {
            long begun = Stopwatch.GetTimestamp();
            int count = 0;
            await Task.WhenAll(Enumerable.Range(0, plan.Settings.InFlight).Select((_) => Task.Run(async () =>
            {
                for (; Stopwatch.GetElapsedTime(begun) < duration; Interlocked.Increment(ref count)) await peer.RunAsync(plan.Job);
            })));
            return count;
        }
    }
}
