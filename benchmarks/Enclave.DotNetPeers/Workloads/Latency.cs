using System.Diagnostics;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>W1, W2, W3, W4, W10: a caller's wait for one answer while nothing else runs.</summary>
internal static class Latency
{
    public static async Task MeasureAsync(Plan plan, IPeer peer, BenchReport report)
    {
        foreach (PlanForm form in plan.Settings.Forms!)
        {
            try
            {
                report.Percentiles(form.Name, await SequenceAsync(form), [50, 99]);
            }
            catch (Exception failure) when (failure is not InvalidDataException)
            {
                report.Outcome("outcome", "jobs fail", $"{form.Name}: {failure.Message.Split('\n')[0]}");
                return;
            }
        }

        async Task<List<double>> SequenceAsync(PlanForm form)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < form.Warmup || Stopwatch.GetElapsedTime(start) < plan.LeastWarmUp; i++) plan.Job.Check(await RunAsync(form));
            var samples = new List<double>(form.Jobs);
            string answer = "";
            for (int i = 0; i < form.Jobs; i++)
            {
                if (form.GapMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(form.GapMs));
                long begun = Stopwatch.GetTimestamp();
                answer = await peer.RunAsync(plan.Job);
                samples.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            plan.Job.Check(answer);
            return samples;
        }

        async Task<string> RunAsync(PlanForm form)
        {
            if (form.GapMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(form.GapMs));
            return await peer.RunAsync(plan.Job);
        }
    }
}
