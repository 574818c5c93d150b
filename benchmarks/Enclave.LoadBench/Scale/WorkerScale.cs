using System.Diagnostics;

namespace Enclave.LoadBench.Scale;

/// <summary>S1: the same tiny jobs on 1 to 64 workers, two in flight per worker: throughput, latency, and the cost of a job and of a worker.</summary>
internal sealed class WorkerScale(Catalogue catalogue, BenchReport report, bool quick)
{
    public async Task MeasureAsync()
    {
        BenchJob job = catalogue.Job("W1");
        TimeSpan warmUp = TimeSpan.FromSeconds(quick ? 0.3 : 1.5), time = TimeSpan.FromSeconds(quick ? 0.5 : 4);
        foreach (int workers in quick ? (int[])[1, 4] : [1, 2, 4, 8, 16, 32, 64])
        {
            await using var host = new EnclaveHost(new EnclaveOptions
            {
                Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = workers, MaxExecutionsPerWorker = 1_000_000 }),
                WorkerPool = WorkerPoolPresets.Standard with { MaxQueueSize = 1000, StartTimeout = TimeSpan.FromMinutes(1) },
                AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            });
            long start = Stopwatch.GetTimestamp();
            await host.WarmUpAsync();
            double ready = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await Callers.RunAsync(workers * 2, warmUp, RunAsync);
            var cost = new HostCost();
            start = Stopwatch.GetTimestamp();
            IReadOnlyList<double> times = await Callers.RunAsync(workers * 2, time, RunAsync);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            string metric = workers == 1 ? "1 worker" : $"{workers} workers";
            report.Figure(metric, times.Count / seconds, "jobs/s", times.Count);
            report.Percentiles(metric, times, [50, 99]);
            cost.Report(report, metric, times.Count);
            report.Figure($"{metric}, private memory of each", WorkerMemory.OfThisHost().Average((worker) => worker.HeldMiB().Private), "MiB", workers);
            report.Figure($"{metric}, all ready after", ready, "ms", 1);

            async Task RunAsync() => job.CheckSuccess(await job.RunAsync(host));
        }
    }
}
