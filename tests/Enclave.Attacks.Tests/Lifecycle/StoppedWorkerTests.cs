using System.Diagnostics;
using System.Globalization;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A worker that ignores everything, the end of its input as well as signals, still dies with its host.</summary>
[Collection(Alone.Name)]
public sealed class StoppedWorkerTests
{
    public static TheoryData<SecurityLevel, bool> Everywhere()
    {
        var data = new TheoryData<SecurityLevel, bool>();
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            data.Add(level, true);
            data.Add(level, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task L3_A_stopped_worker_goes_with_its_killed_host(SecurityLevel level, bool stopped)
    {
        for (int i = 0; i < TestSize.Of(1, 20); i++)
        {
            using Process host = TestHosts.Start($"spin {level}");
            try
            {
                await EndsWithItsHost(host, stopped);
            }
            finally
            {
                // Tests that look for remains would find it.
                if (!host.HasExited) host.Kill();
            }
        }
    }

    private static async Task EndsWithItsHost(Process host, bool stopped)
    {
        Assert.Equal("ready", await TestHosts.NextLine(host));
        int[] workers = [.. Leaves(host.Id)];
        Assert.Equal(2, workers.Length);
        if (stopped)
        {
            foreach (int worker in workers) ProcessTable.Signal(worker, ProcessTable.Stop);
            await Within.Becomes(() => workers.All(ProcessTable.IsStopped), "the workers stood still");
        }

        ProcessTable.Signal(host.Id, ProcessTable.Kill);
        await Within.Deadline(host.WaitForExitAsync(), "end of the killed host");

        // No other host helps: the kernel ends them.
        await Within.Becomes(() => ProcessTable.WorkersOf(host.Id).Length == 0, "no worker was left", () => string.Join(
            "; ", ProcessTable.WorkersOf(host.Id).Select(Described)));
    }

    private static IEnumerable<int> Leaves(int pid) => ProcessTable.Children(pid) is { Length: > 0 } children ? children.SelectMany(Leaves) : [pid];

    private static string Described(int pid)
    {
        Dictionary<string, string> status = ProcFile.Status($"/proc/{pid}/status");
        return string.Create(CultureInfo.InvariantCulture,
            $"{pid}: {status.GetValueOrDefault("Name")}, {status.GetValueOrDefault("State")}, user {status.GetValueOrDefault("Uid")}");
    }
}
