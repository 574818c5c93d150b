using System.Globalization;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A worker at SECURE of a host without any right, inspected by root from outside.</summary>
public sealed class OrdinaryUserTests
{
    [Fact]
    public async Task I14_The_worker_of_an_ordinary_user_is_alone_in_namespaces_of_its_own() => await WithWorker((worker, _) =>
    {
        foreach (string name in (string[])["user", "net", "pid", "mnt", "ipc", "uts"])
        {
            string own = ProcFile.Link($"/proc/{worker}/ns/{name}") ?? "unreadable";
            Assert.StartsWith($"{name}:[", own, StringComparison.Ordinal);
            Assert.NotEqual(ProcFile.Link($"/proc/self/ns/{name}"), own);
        }

        // One id, its own, which is 0 in there and has no capability: no other user exists.
        Assert.Equal(["0", $"{Surroundings.User}", "1"],
            File.ReadAllText($"/proc/{worker}/uid_map").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word) => word.Trim()));
        Assert.Equal("deny", File.ReadAllText($"/proc/{worker}/setgroups").Trim());
        // The nursery is the first process in there, and the worker's parent.
        string nursery = Status(worker)["PPid"];
        Assert.Equal("1", Status(int.Parse(nursery, CultureInfo.InvariantCulture))["NSpid"].Split('\t')[^1]);
    });

    [Fact]
    public async Task I11_The_worker_of_an_ordinary_user_holds_nothing() => await WithWorker((worker, _) =>
    {
        string[] tasks = [.. Directory.GetDirectories($"/proc/{worker}/task").Select((task) => Path.GetFileName(task))];
        Assert.Single(tasks);
        foreach (string task in tasks)
        {
            Dictionary<string, string> status = Status(worker, task);
            foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapAmb"]) Assert.Equal("0000000000000000", status[set]);
            Assert.Equal(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]));
            Assert.NotEqual("0", status["Seccomp_filters"]);
            Assert.Equal(string.Join('\t', Enumerable.Repeat($"{Surroundings.User}", 4)), status["Uid"]);
            Assert.Equal(string.Join('\t', Enumerable.Repeat($"{Surroundings.User}", 4)), status["Gid"]);
            Assert.DoesNotContain("0", status["Groups"].Split(' '));
        }
    });

    [Fact]
    public async Task I3_The_worker_of_an_ordinary_user_has_its_own_files_and_may_write_none() => await WithWorker((worker, _) =>
    {
        IEnumerable<string> golden = WorkerFiles.Binds(EngineFiles.Find(null)).Select((bind) => bind.Target).Order(StringComparer.Ordinal);
        Assert.Equal(golden, new WorkerInspection(worker).Root()!.Order(StringComparer.Ordinal));
        string[] mounts = File.ReadAllLines($"/proc/{worker}/mountinfo");
        Assert.NotEmpty(mounts);
        Assert.All(mounts, (mount) => Assert.Contains("ro", mount.Split(' ')[5].Split(',')));
    });

    [Fact]
    public async Task I4_The_worker_of_an_ordinary_user_has_no_network_but_its_own_loopback() => await WithWorker((worker, _) =>
    {
        string[] devices = [.. File.ReadAllLines($"/proc/{worker}/net/dev").Skip(2).Select((line) => line.Split(':')[0].Trim())];
        Assert.Equal(["lo"], devices);
        // No socket, of any family with a list.
        Assert.All((string[])["tcp", "tcp6", "udp", "udp6", "unix", "packet", "raw", "raw6"], (table) =>
        {
            string file = $"/proc/{worker}/net/{table}";
            if (File.Exists(file)) Assert.InRange(File.ReadAllLines(file).Length, 0, 1);
        });
    });

    [Fact]
    public async Task I5_I6_The_worker_of_an_ordinary_user_inherits_nothing() => await WithWorker((worker, _) =>
    {
        IReadOnlyDictionary<int, string> open = new WorkerInspection(worker).Descriptors()!;
        Assert.Equal([0, 1, 2, 3, 4], ProcessTable.DescriptorsThatLeadOut(open));
        Assert.All(open, (fd) => Assert.StartsWith("pipe:", fd.Value, StringComparison.Ordinal));
        Assert.All(File.ReadAllText($"/proc/{worker}/environ"), (character) => Assert.Equal('\0', character));
        Assert.DoesNotContain(Repository.Root, File.ReadAllText($"/proc/{worker}/cmdline"), StringComparison.Ordinal);
        Assert.Equal("/engine", ProcFile.Link($"/proc/{worker}/cwd"));
    });

    [Fact]
    public async Task I14_All_layers_of_an_ordinary_users_worker_are_verified() => await WithWorker((_, outcome) =>
    {
        // The user owns the worker's user namespace, and is user 0 in there: it may read all that root may.
        foreach (string layer in (string[])["OwnProcess", "HardenedProcess", "ResourceLimits", "Seccomp", "FileSystem", "Namespaces", "DroppedUser"])
            Assert.Equal("Active", outcome.Holds[layer]);
        Assert.Equal("ordinary user", outcome.Facts["host"]);
    });

    [Fact]
    public async Task L3_The_worker_of_an_ordinary_user_goes_with_its_host()
    {
        int worker;
        await using (LookingHost host = Surroundings.Of("ordinary user").Start(SecurityLevel.Secure))
        {
            worker = (await host.Outcome()).Pid;
            Assert.True(ProcessTable.Exists(worker));
        }

        await ProcessTable.Gone(worker, "the worker of a host that left");
    }

    private static async Task WithWorker(Action<int, Outcome> look)
    {
        Surroundings place = Surroundings.Of("ordinary user");
        await using LookingHost host = place.Start(SecurityLevel.Secure);
        Outcome outcome = await host.Outcome();
        Assert.True(outcome.Code is null, outcome.Message);
        look(outcome.Pid, outcome);
    }

    private static Dictionary<string, string> Status(int worker) => ProcFile.Status($"/proc/{worker}/status");

    private static Dictionary<string, string> Status(int worker, string task) => ProcFile.Status($"/proc/{worker}/task/{task}/status");
}
