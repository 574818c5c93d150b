using System.Diagnostics;
using System.Text.Json;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>
/// W7, W7b, W11: a job that takes memory until something stops it, beside a neighbour that waits for a tool. run.mjs ends this process if nothing else does.
/// </summary>
internal static class Bombs
{
    private static readonly TimeSpan s_neighbourPatience = TimeSpan.FromSeconds(3);

    public static async Task MeasureAsync(Plan plan, IPeer peer, BenchReport report)
    {
        var atGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PeerJob neighbour = plan.Neighbour! with { CallTool = GateAsync };
        Task<string> beside = peer.RunAsync(neighbour);
        await await Task.WhenAny(atGate.Task, beside);

        Measurement.Mark("start");
        long start = Stopwatch.GetTimestamp();
        (string outcome, string note) = await OutcomeAsync(peer, plan.Job);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        gate.SetResult();
        report.Outcome("outcome", outcome, note);
        report.Figure("time", time, "ms", 1);
        report.Outcome("neighbour", await FateAsync(neighbour, beside));

        async Task<string> GateAsync(string name, string text)
        {
            using JsonDocument args = JsonDocument.Parse(text);
            if (args.RootElement.GetProperty("step").GetInt32() == 2)
            {
                atGate.TrySetResult();
                await gate.Task;
            }

            return text;
        }
    }

    private static async Task<(string Outcome, string Note)> OutcomeAsync(IPeer peer, PeerJob bomb)
    {
        try
        {
            await peer.RunAsync(bomb);
            return ("not limited", "ran to its end");
        }
        catch (Exception failure)
        {
            return ("stopped", failure.Message.Split('\n')[0]);
        }
    }

    private static async Task<string> FateAsync(PeerJob neighbour, Task<string> beside)
    {
        try
        {
            neighbour.Check(await beside.WaitAsync(s_neighbourPatience));
            return "ok";
        }
        catch (Exception)
        {
            return "lost";
        }
    }
}
