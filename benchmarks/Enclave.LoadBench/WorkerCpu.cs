using System.Globalization;

namespace Enclave.LoadBench;

/// <summary>The CPU time of a host's workers, resets included. A run's own <c>Stats.CpuTime</c> is in whole milliseconds where tenants share workers.</summary>
internal static class WorkerCpu
{
    /// <summary>Of the workers that live now: differences count only while they stay the same.</summary>
    public static double Microseconds(EnclaveHost host) => host.GetIsolationReport().Workers
        .Sum((worker) => long.Parse(File.ReadAllText($"/proc/{worker.ProcessId}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e3);
}
