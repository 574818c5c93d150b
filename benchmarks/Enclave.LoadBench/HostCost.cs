using System.Diagnostics;

namespace Enclave.LoadBench;

/// <summary>Measures the CPU time and the allocations of jobs in the host's own process, from its creation on.</summary>
internal sealed class HostCost
{
    private readonly TimeSpan _cpu = Spent();
    private readonly long _allocated = GC.GetTotalAllocatedBytes();

    /// <param name="metric">The name of the jobs in the report.</param>
    public void Report(BenchReport report, string metric, int jobs)
    {
        report.Figure($"{metric}, host CPU of a job", (Spent() - _cpu).TotalMicroseconds / jobs, "us", jobs);
        report.Figure($"{metric}, host allocations of a job", (GC.GetTotalAllocatedBytes() - _allocated) / (double)jobs, "B", jobs);
    }

    private static TimeSpan Spent()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
