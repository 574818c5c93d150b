using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Many runs that wait: time of a start, memory of the host, bytes in the store, and the time to list a page of them.</summary>
internal sealed class ManyRuns(MeasuredStore store, BenchReport report, DurableSizes sizes)
{
    private const string Code = "await waitFor('approval'); return 1";

    private const int Callers = 8, Block = 500;

    private int _started;
    private long _begun;

    public async Task MeasureAsync()
    {
        await using EnclaveHost host = await DurableHosts.OpenAsync(store);
        await DurableHosts.SuspendAsync(host, "first", Code);
        (long managed, double resident) = Held();
        long bytes = await store.BytesAsync();
        int wanted = Math.Min(sizes.Suspended, store.MaxSuspended);
        _begun = Stopwatch.GetTimestamp();
        double first = 0, last = 0;
        while (_started < wanted && Stopwatch.GetElapsedTime(_begun) < sizes.StartTime)
        {
            last = await StartAsync(host, Math.Min(wanted, _started + Block));
            if (first == 0) first = last;
        }

        double all = Stopwatch.GetElapsedTime(_begun).TotalMilliseconds;
        report.Figure("suspended runs", _started, "", 1, _started == wanted ? null : $"of {wanted}: the others would have taken more than {sizes.StartTime:g}");
        report.Figure("start of a run, 8 at once", all / _started, "ms", _started, "the whole time over all runs");
        report.Figure("start of a run, the first 500", first, "ms", Block);
        report.Figure("start of a run, the last 500", last, "ms", Block);
        (long managedAfter, double residentAfter) = Held();
        report.Figure("managed memory of a run", (managedAfter - managed) / (double)_started, "B", _started);
        report.Figure("resident memory of a run", (residentAfter - resident) * (1 << 20) / _started, "B", _started);
        report.Figure("in the store of a run", (await store.BytesAsync() - bytes) / (double)_started, "B", _started, store.BytesAre);
        report.Percentiles("list a page of 100", await Benchmarks.Callers.RunApartAsync(sizes.Pages, TimeSpan.Zero, () => ListAsync(host)), [50]);
        report.Figure("busy workers", host.GetSnapshot().ActiveWorkers, "", 1);
    }

    /// <summary>Starts runs until there are so many. Returns the milliseconds of one.</summary>
    private async Task<double> StartAsync(EnclaveHost host, int until)
    {
        int from = _started;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select((_) => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref _started) is var number && number <= until) await DurableHosts.SuspendAsync(host, $"run-{number}", Code);
        })));
        _started = until;
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / (until - from);
    }

    private static async Task ListAsync(EnclaveHost host)
    {
        int count = (await host.Runs.ListAsync(new RunQuery { Limit = 100 })).Count;
        if (count != 100) throw new BenchException($"a page has {count} runs instead of 100");
    }

    private static (long Managed, double ResidentMiB) Held()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: true), WorkerMemory.ResidentMiBOfThisProcess());
    }
}
