using System.Diagnostics;
using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Hosts that are killed at any moment of their life leave no worker behind.</summary>
[Collection(Alone.Name)]
public sealed class HostDeathTests
{
    [Fact]
    public async Task L3_Hosts_killed_at_random_moments_leave_no_worker()
    {
        // A host is up after about 150 ms. The moments reach from before its first worker to well into its jobs.
        var random = new Random(20261120);
        for (int i = 0; i < TestSize.Of(4, 1000); i++)
        {
            using Process host = TestHosts.Start("spin");
            await Task.Delay(random.Next(0, 400));

            ProcessTable.Signal(host.Id, ProcessTable.Kill);
            await Within.Deadline(host.WaitForExitAsync(), "end of the killed host");

            await Within.Becomes(() => NothingIsLeft(host.Id), $"no worker of host {host.Id} runs");
        }
    }

    /// <summary>If the kill came while bubblewrap was making a jail, the next host ends that jail.</summary>
    private static bool NothingIsLeft(int host)
    {
        StrayJails.Remove();
        return ProcessTable.WorkersOf(host).Length == 0;
    }
}
