using System.Diagnostics;

namespace Enclave.LoadBench.Workloads;

/// <summary>W1, W2, W3, W4, W10: a caller's wait for one answer while nothing else runs.</summary>
internal sealed class Latency(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.Job(name);
        foreach (BenchForm form in catalogue.Forms(name))
        {
            // Without a pause each job waits for the next isolate of the same worker: the figure does not depend on the number of workers.
            int? workers = hosts.Workers(form.Gap == TimeSpan.Zero ? 1 : null);
            await using EnclaveHost host = hosts.Open(workers, scripts: job.Scripts);
            await host.WarmUpAsync();
            await WarmUpAsync(host, job, form);
            double[] samples = await SequenceAsync(host, job, form);
            report.Percentiles(form.Name, samples, [50, 99], workers is null ? null : $"on {workers} worker{(workers == 1 ? "" : "s")}");
        }
    }

    private async Task WarmUpAsync(EnclaveHost host, BenchJob job, BenchForm form)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < form.WarmUp || Stopwatch.GetElapsedTime(start) < catalogue.LeastWarmUp; i++)
        {
            if (form.Gap > TimeSpan.Zero) await Task.Delay(form.Gap);
            job.Check(await job.RunAsync(host));
        }
    }

    private static async Task<double[]> SequenceAsync(EnclaveHost host, BenchJob job, BenchForm form)
    {
        var samples = new double[form.Jobs];
        ExecutionResult? result = null;
        for (int i = 0; i < form.Jobs; i++)
        {
            if (form.Gap > TimeSpan.Zero) await Task.Delay(form.Gap);
            long start = Stopwatch.GetTimestamp();
            result = await job.RunAsync(host);
            samples[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            // Checks no more than this: comparing a large answer here would be a pause for the worker.
            job.CheckSuccess(result);
        }

        job.Check(result!);
        return samples;
    }
}
