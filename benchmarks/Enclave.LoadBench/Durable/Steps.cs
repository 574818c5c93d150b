using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Journaled steps a second: runs with a name, each with twenty calls of a trivial tool. A step is a call with its answer durable.</summary>
internal sealed class Steps(StoreKind kind, BenchReport report, DurableSizes sizes)
{
    /// <summary>Steps of a run.</summary>
    private const int Calls = 20;

    private int _runs;

    public async Task MeasureAsync()
    {
        foreach (int atOnce in sizes.AtOnce)
        {
            await MeasureAsync("", DurableHosts.Once, atOnce);
            await MeasureAsync("repeatable, ", DurableHosts.Repeatable, atOnce);
        }
    }

    private async Task MeasureAsync(string prefix, string tool, int atOnce)
    {
        string code = $"{DurableHosts.Calls(Calls, tool)} return x";
        // A store of its own: starts take longer in a store with more runs.
        await using MeasuredStore store = await kind.OpenAsync();
        await using EnclaveHost host = await DurableHosts.OpenAsync(store, Math.Max(2, atOnce));
        await Callers.RunAsync(atOnce, sizes.StepTime / 10, () => RunAsync(host, code));
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<double> times = await Callers.RunAsync(atOnce, sizes.StepTime, () => RunAsync(host, code));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Figure($"{prefix}{atOnce} at once", Calls * times.Count / seconds, "steps/s", Calls * times.Count);
    }

    private async Task RunAsync(EnclaveHost host, string code)
    {
        ExecutionResult result = await host.RunAsync(code, new RunOptions { Durable = $"steps-{Interlocked.Increment(ref _runs)}" });
        if (!result.Success) throw new BenchException($"a run failed: {result.Error!.Message}");
        if (result.Value.ToString() != $"{Calls}") throw new BenchException($"a run ended with {result.Value} instead of {Calls}");
    }
}
