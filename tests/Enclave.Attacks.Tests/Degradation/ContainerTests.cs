using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A worker at SECURE in a container as Docker makes them, where no namespace is available. Checked by the machine's root.</summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task I14_The_worker_of_a_containers_root_is_nobody_and_holds_nothing() => await WithWorker((worker, _) =>
    {
        string[] uids = [.. Directory.GetDirectories($"/proc/{worker}/task").Select((task) =>
        {
            Dictionary<string, string> status = ProcFile.Status($"{task}/status");
            foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) Assert.Equal("0000000000000000", status[set]);
            Assert.Equal(("1", "2", ""), (status["NoNewPrivs"], status["Seccomp"], status["Groups"]));
            Assert.Equal(status["Uid"], status["Gid"]);
            return Assert.Single(status["Uid"].Split('\t').Distinct());
        }).Distinct()];
        Assert.InRange(int.Parse(Assert.Single(uids)), WorkerUser.First, WorkerUser.First + WorkerUser.Count - 1);
    });

    [Fact]
    public async Task I5_I6_The_worker_of_a_containers_root_inherits_nothing() => await WithWorker((worker, _) =>
    {
        var seen = new WorkerInspection(worker);
        Assert.Equal([0, 1, 2, 3, 4], ProcessTable.DescriptorsThatLeadOut(seen.Descriptors()!));
        Assert.All(seen.Descriptors()!, (fd) => Assert.StartsWith("pipe:", fd.Value, StringComparison.Ordinal));
        Assert.True(seen.HasEmptyEnvironment());
        Assert.Equal(("0", "3", "0"), (seen.Limits!["Max processes"], seen.Limits["Max open files"], seen.Limits["Max file size"]));
    });

    [Fact]
    public async Task I14_The_report_says_what_stands_in_for_namespaces() => await WithWorker((worker, outcome) =>
    {
        // The pid namespace is the container's. The host in it shares it; the machine does not.
        Assert.NotEqual(ProcFile.Link("/proc/self/ns/pid"), ProcFile.Link($"/proc/{worker}/ns/pid"));
        Assert.Equal(("Active", "Active"), (outcome.Holds["Namespaces"], outcome.Holds["FileSystem"]));
        Assert.Equal(("root without CAP_SYS_ADMIN, in a container", "landlock"), (outcome.Facts["host"], outcome.Facts["jail"]));
        // Such a root may not inspect its worker any more. Unknown must never count as good.
        Assert.Equal("Unverified", outcome.Holds["HardenedProcess"]);
    });

    private static async Task WithWorker(Action<int, Outcome> look)
    {
        Surroundings place = Surroundings.Of("container");
        Assert.SkipUnless(Machine.This.LandlockAbi > 0, "the kernel has no Landlock, and without it such a host refuses SECURE");
        await using LookingHost host = place.Start(SecurityLevel.Secure);
        Outcome outcome = await host.Outcome();
        Assert.True(outcome.Code is null, outcome.Message);
        look(Assert.Single(host.Leaves()), outcome);
    }
}
