using System.Text.Json;

namespace Enclave.DotNetPeers.Workloads;

/// <summary>The workloads, as benchmarks/peers/workloads measures them for the peers in node.</summary>
internal sealed class Measurement(Plan plan, IPeer peer, BenchReport report)
{
    /// <summary>A peer with several threads may give the next job to another thread, so several jobs look.</summary>
    private const int Looks = 4;

    public Task RunAsync() => plan.Workload switch
    {
        "W5" => Load.MeasureAsync(plan, peer, report),
        "W6" or "W6b" => EndlessLoops.MeasureAsync(plan, peer, report),
        "W7" or "W7b" or "W11" => Bombs.MeasureAsync(plan, peer, report),
        "W8" => ColdStartAsync(),
        "W9" => Memory.MeasureAsync(plan, peer, report),
        _ => Latency.MeasureAsync(plan, peer, report),
    };

    /// <summary>Prints a line that run.mjs takes for an event and not for a figure.</summary>
    public static void Mark(string mark) => Console.WriteLine($$"""{"mark":"{{mark}}"}""");

    /// <summary>Looks for what one job left to the next, and reports it. False if the peer is not measured then.</summary>
    public async Task<bool> MayBeMeasuredAsync()
    {
        await peer.RunAsync(plan.Clean.Dirty);
        foreach (string answer in await Task.WhenAll(Enumerable.Range(0, Looks).Select((_) => peer.RunAsync(plan.Clean.Look))))
        {
            using JsonDocument found = JsonDocument.Parse(answer);
            if (JsonElement.DeepEquals(found.RootElement, plan.Clean.Expect)) continue;
            report.Outcome("clean state", "not clean", $"a job found what another one had left in {string.Join(", ", found.RootElement.EnumerateArray())}");
            return plan.KeepUnclean;
        }

        return true;
    }

    /// <summary>W8: run.mjs measures the time from the spawn to the mark.</summary>
    private async Task ColdStartAsync()
    {
        string answer = await peer.RunAsync(plan.Job);
        Mark("result");
        plan.Job.Check(answer);
    }
}
