namespace Enclave.LoadBench.Workloads;

/// <summary>W9: the memory of an idle worker after it has run W2.</summary>
internal sealed class Memory(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    private const int Workers = 4, JobsPerWorker = 20;

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(3);

    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.JobOf(name);
        int count = hosts.Workers(Workers)!.Value;
        await using EnclaveHost host = hosts.Open(count);
        await host.WarmUpAsync();
        await UseAllAsync(host, job, count);
        await Task.Delay(s_idle);
        var held = WorkerMemory.OfThisHost().Select((worker) => worker.HeldMiB()).ToList();
        // A worker near its last job already has a successor.
        if (held.Count < count) throw new BenchException($"{held.Count} worker processes were found where there should be {count}");
        string note = $"mean of {held.Count} workers, idle for {s_idle.TotalSeconds:0} s";
        report.Figure("private per unit", held.Average((worker) => worker.Private), "MiB", count, note);
        report.Figure("proportional per unit", held.Average((worker) => worker.Proportional), "MiB", count, note);
    }

    /// <summary>Runs as many jobs at once as there are workers, until each worker has run enough of them.</summary>
    private static async Task UseAllAsync(EnclaveHost host, BenchJob job, int count)
    {
        var jobs = new Dictionary<int, int>();
        for (int round = 0; jobs.Count < count || jobs.Values.Min() < JobsPerWorker; round++)
        {
            if (round > 50 * JobsPerWorker) throw new BenchException($"only {jobs.Count} of {count} workers were given jobs");
            foreach (ExecutionResult result in await Task.WhenAll(Enumerable.Range(0, count).Select((_) => job.RunAsync(host))))
            {
                job.Check(result);
                jobs[result.Stats.WorkerId] = jobs.GetValueOrDefault(result.Stats.WorkerId) + 1;
            }
        }
    }
}
