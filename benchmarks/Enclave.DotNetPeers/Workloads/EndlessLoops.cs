using System.Diagnostics;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>W6, W6b: a job that never ends. Measures how late the answer is, and how soon the next job succeeds.</summary>
internal static class EndlessLoops
{
    /// <summary>.NET's timers read a clock of the kernel that moves in steps, so they may fire so much too soon.</summary>
    private const double TimerStepMs = 10;

    /// <summary>A peer may need seconds to stop one. Then the figure is taken from fewer jobs, before run.mjs ends the process.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(7);

    public static async Task MeasureAsync(Plan plan, IPeer peer, BenchReport report)
    {
        for (int i = 0; i < 300; i++) plan.Next!.Check(await peer.RunAsync(plan.Next));
        Measurement.Mark("start");
        List<double> late = [], afterwards = [];
        long begun = Stopwatch.GetTimestamp();
        while (late.Count < plan.Settings.Repeats && Stopwatch.GetElapsedTime(begun) < s_patience)
        {
            long start = Stopwatch.GetTimestamp();
            string failure = await FailureAsync(peer, plan.Job);
            long stopped = Stopwatch.GetTimestamp();
            double over = (Stopwatch.GetElapsedTime(start, stopped) - plan.Job.TimeLimit).TotalMilliseconds;
            if (over < -TimerStepMs) throw new InvalidDataException($"ended {-over:0.0} ms before its limit: {failure}");
            late.Add(over);
            try
            {
                plan.Next!.Check(await peer.RunAsync(plan.Next));
            }
            catch (Exception error)
            {
                report.Outcome("next job", "fails", error.Message);
                break;
            }

            afterwards.Add(Stopwatch.GetElapsedTime(stopped).TotalMilliseconds);
        }

        report.Outcome("outcome", "stopped");
        report.Percentiles("late", late, [50, 95]);
        if (afterwards.Count > 0) report.Percentiles("next success", afterwards, [50]);
    }

    private static async Task<string> FailureAsync(IPeer peer, PeerJob job)
    {
        try
        {
            await peer.RunAsync(job);
        }
        catch (Exception failure)
        {
            return failure.Message;
        }

        throw new InvalidDataException("an endless loop came to an end");
    }
}
