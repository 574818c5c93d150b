using System.Diagnostics;

namespace Enclave.LoadBench.Workloads;

/// <summary>W6, W6b: a job that never ends. Measures how late the answer is, and how soon the next job succeeds.</summary>
internal sealed class EndlessLoops(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public async Task MeasureAsync(string name)
    {
        BenchJob endless = catalogue.Job(name);
        BenchJob good = catalogue.Next(name);
        int repeats = catalogue.Number(name, "repeats");
        await using EnclaveHost host = hosts.Open(scripts: Scripts.Unguarded);
        await host.WarmUpAsync();
        for (int i = 0; i < 300; i++) good.Check(await good.RunAsync(host));

        List<double> late = [], afterwards = [];
        for (int i = 0; i < repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ExecutionResult result = await endless.RunAsync(host).WaitAsync(s_patience);
            long stopped = Stopwatch.GetTimestamp();
            double over = (Stopwatch.GetElapsedTime(start, stopped) - endless.TimeLimit).TotalMilliseconds;
            if (result.Error?.Code != ErrorCode.Timeout || over < -1)
            {
                throw new BenchException($"{name} ended {over:0.0} ms after its limit: {result.Error?.Message ?? "a success"}");
            }

            late.Add(over);
            good.Check(await good.RunAsync(host));
            afterwards.Add(Stopwatch.GetElapsedTime(stopped).TotalMilliseconds);
        }

        report.Outcome("outcome", "stopped", ErrorCode.Timeout.ToCode());
        report.Percentiles("late", late, [50, 95]);
        report.Percentiles("next success", afterwards, [50, 95]);
    }
}
