namespace Enclave.DotNetPeers.Workloads;

/// <summary>W9: the memory of one more unit while it is idle, after it ran W2 once.</summary>
internal static class Memory
{
    public static async Task MeasureAsync(Plan plan, IPeer peer, BenchReport report)
    {
        // Processes are expensive and few suffice. The others are small, so many of them are needed above the noise of the heap.
        int units = plan.Peer == "clearscript-process" ? 6 : 100;
        for (int i = 0; i < 20; i++) await peer.RunAsync(plan.Job);
        (double Private, double Proportional) before = await SettledAsync();
        await peer.HoldAsync(units, plan.Job);
        (double Private, double Proportional) after = await SettledAsync();
        report.Figure("private per unit", (after.Private - before.Private) / units, "MiB", units, $"{units} more units");
        report.Figure("proportional per unit", (after.Proportional - before.Proportional) / units, "MiB", units);
    }

    private static async Task<(double Private, double Proportional)> SettledAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100);
        }

        return ProcessTree.HeldMiB();
    }
}
