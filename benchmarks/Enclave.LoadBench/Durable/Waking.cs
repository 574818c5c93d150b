using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Runs with recorded calls that wait for a signal: the time from its answer to their end.</summary>
internal sealed class Waking(MeasuredStore store, BenchReport report, DurableSizes sizes)
{
    private const int WarmUps = 3;

    public async Task MeasureAsync()
    {
        await using EnclaveHost host = await DurableHosts.OpenAsync(store);
        foreach ((int calls, int runs) in sizes.Wakes)
        {
            var samples = new List<double>();
            for (int run = -WarmUps; run < runs; run++)
            {
                double wake = await WakeAsync(host, calls, run);
                if (run >= 0) samples.Add(wake);
            }

            report.Percentiles(calls == 1 ? "1 recorded call" : $"{calls} recorded calls", samples, [50, 90]);
        }
    }

    private static async Task<double> WakeAsync(EnclaveHost host, int calls, int number)
    {
        string name = $"wakes-{calls}-{number}", code = $"{DurableHosts.Calls(calls)} return x + await waitFor('signal')";
        DurableRun run = await DurableHosts.SuspendAsync(host, name, code);
        long start = Stopwatch.GetTimestamp();
        await host.AnswerAsync(run.Waits[0].Token, 1);
        DurableRun end = await host.ResumeAsync(name);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return end.Result?.Value.ToString() == $"{calls + 1}" ? time : throw new BenchException($"{name} ended with {end.Outcome}, {end.Result?.Value}");
    }
}
