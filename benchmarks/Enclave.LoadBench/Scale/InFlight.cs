using System.Diagnostics;

namespace Enclave.LoadBench.Scale;

/// <summary>
/// S4: many runs at once, each waiting 1 s for a tool: in a worker of its own, and beside few workers, which they leave while they wait. Measures when all are
/// answered, and the memory of host and workers while as many wait for as long as it takes to read it.
/// </summary>
internal sealed class InFlight(BenchReport report, bool quick)
{
    private const string Code = "return await callTool('wait', {})";

    private const int FewWorkers = 50;

    private static readonly TimeSpan s_toolTime = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromMinutes(2);

    public async Task MeasureAsync()
    {
        foreach (int count in quick ? (int[])[20] : [50, 400, 1000]) await MeasureAsync(count, count, $"{count} in flight");
        foreach (int count in quick ? (int[])[200] : [1000, 2500, 5000])
            await MeasureAsync(count, FewWorkers, $"{count} in flight beside {FewWorkers} workers");
    }

    private async Task MeasureAsync(int count, int workers, string name)
    {
        TaskCompletionSource? held = null;
        int waiting = 0;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = workers,
                MaxWorkers = workers,
                MaxWorkersPerTenant = workers,
                MaxParkedRuns = count - workers,
                SpareWorkers = 0,
                MaxQueueSize = count,
                QueueTimeout = s_patience,
            },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            ToolHandler = async (_, _, context) =>
            {
                if (Volatile.Read(ref held) is { } until)
                {
                    Interlocked.Increment(ref waiting);
                    await until.Task.WaitAsync(context.CancellationToken);
                }
                else await Task.Delay(s_toolTime, context.CancellationToken);
                return 1;
            },
        });
        long start = Stopwatch.GetTimestamp();
        await host.WarmUpAsync();
        while (host.GetSnapshot().IdleWorkers < workers)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience) throw new BenchException($"only {host.GetSnapshot().IdleWorkers} of {workers} workers started");
            await Task.Delay(10);
        }

        if (workers == count) report.Figure($"{count} workers ready after", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", count);
        // The second round: the path through host and workers is compiled, and the pages that each job writes are there.
        await RunAllAsync(host, count);
        report.Figure($"{name}, all answered after", await RunAllAsync(host, count), "s", count);
        Volatile.Write(ref held, new TaskCompletionSource());
        Task<double> all = RunAllAsync(host, count);
        // Until all wait, and have given back what they do not use (runner.cc).
        await Task.Delay(s_toolTime * 2);
        for (start = Stopwatch.GetTimestamp(); Volatile.Read(ref waiting) < count; await Task.Delay(10))
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience) throw new BenchException($"only {waiting} of {count} runs wait");
        }

        IReadOnlyList<WorkerMemory> processes = WorkerMemory.OfThisHost();
        double own = processes.Sum((worker) => worker.HeldMiB().Private), tables = processes.Sum((worker) => worker.PageTablesMiB());
        double resident = WorkerMemory.ResidentMiBOfThisProcess();
        held.SetResult();
        await all;
        report.Figure($"{name}, private memory of workers", own, "MiB", processes.Count);
        report.Figure($"{name}, page tables of workers", tables, "MiB", processes.Count);
        report.Figure($"{name}, host", resident, "MiB", 1, $"{own + tables + resident:0} MiB in all");
    }

    private static async Task<double> RunAllAsync(EnclaveHost host, int count)
    {
        long start = Stopwatch.GetTimestamp();
        ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, count).Select((_) => host.RunAsync(Code)));
        if (results.FirstOrDefault((result) => !result.Success) is { } failed) throw new BenchException($"a run failed: {failed.Error!.Message}");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
