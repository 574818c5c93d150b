using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Memory of the host for a worker that was changed. It is counted for the whole process.</summary>
[Collection(Alone.Name)]
public sealed class PlantedMemoryTests
{
    /// <summary>The host reads nothing of it: reading all of it would take as much memory of the host.</summary>
    [Fact]
    public async Task R1_A_worker_that_holds_much_is_found_without_memory_of_its_host()
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        await using var host = new WatchedHost(SecurityLevel.Strict, ResetComparison.EveryRun, nameof(PageListing.Scan));
        long before = 0;
        int? runs = await host.RunsUntilFound(
            (pid) =>
            {
                Planted planted = Planted.Much(pid);
                before = GC.GetTotalAllocatedBytes(precise: true);
                return planted;
            },
            1);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(1, runs);
        Assert.InRange(allocated, 0, Planted.MuchBytes / 4);
    }
}
