using System.Diagnostics;
using System.Globalization;

namespace Enclave.LoadBench.Workloads;

/// <summary>W8: the time from spawning a program with a host to its first result, and the worker's part of it.</summary>
internal sealed class ColdStart(Catalogue catalogue, BenchHosts hosts, BenchReport report, BenchOptions options)
{
    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.JobOf(name);
        int repeats = catalogue.Number(name, "repeats");
        // The file caches are warm for the first counted start, as for the peers.
        _ = await SpawnAsync(job);
        List<double> wholes = [], starts = [], ready = [], residents = [], trees = [];
        for (int i = 0; i < repeats; i++)
        {
            (double whole, double start, double resident, double tree) = await SpawnAsync(job);
            wholes.Add(whole);
            starts.Add(start);
            residents.Add(resident);
            trees.Add(tree);
        }

        // An embedded host starts its worker with the first job, so there is no readiness to wait for.
        for (int i = 0; i < repeats + 1 && options.Adapter != BenchAdapter.Embedded && options.Ahead is null; i++)
        {
            double time = await ReadyAsync();
            if (i > 0) ready.Add(time);
        }

        report.Percentiles("spawn to first result", wholes, [50]);
        report.Percentiles("worker start", starts, [50], "in that process, from the making of the host to the first result");
        report.Figure("host, resident", Percentile.Of([.. residents.Order()], 50), "MiB", repeats, "after the first result; shared pages in full");
        report.Figure("all processes", Percentile.Of([.. trees.Order()], 50), "MiB", repeats, "the host and all below it, proportional");
        if (ready.Count > 0)
            report.Percentiles("worker ready", ready, [50], "in a warm process, from the making of a host of one worker to that worker's readiness");
    }

    private async Task<(double Whole, double Start, double Resident, double Tree)> SpawnAsync(BenchJob job)
    {
        var command = new ProcessStartInfo(
            options.Ahead ?? Environment.ProcessPath!, [StartedProgram.Verb, options.Level.ToString(), options.Adapter.ToString(), job.Code])
        { RedirectStandardOutput = true, RedirectStandardInput = true };
        long spawn = Stopwatch.GetTimestamp();
        using Process process = Process.Start(command)!;
        string[] line = (await process.StandardOutput.ReadLineAsync() ?? "").Split(' ', 2);
        double whole = Stopwatch.GetElapsedTime(spawn).TotalMilliseconds;
        (double resident, double tree) = WorkerMemory.OfHost(process.Id);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || line is not [var time, var answer] || answer != job.Expected.ToString())
        {
            throw new BenchException($"the cold start ended with exit code {process.ExitCode} and said: {string.Join(' ', line)}");
        }

        return (whole, double.Parse(time, CultureInfo.InvariantCulture), resident, tree);
    }

    private async Task<double> ReadyAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await using EnclaveHost host = hosts.Open(workers: 1);
        await host.WarmUpAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
