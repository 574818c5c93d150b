using Enclave.Isolation.Cgroups;

namespace Enclave.Host.Tests;

/// <summary>The control group of one worker: its limits are written, its kills are read, and it is removed.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private const string V2Mount = "30 23 0:26 / /cgroup rw - cgroup2 cgroup2 rw\n";
    private const string Name = "enclave.test.1", Folder = "/cgroup/" + Name;

    /// <summary>No process has it: the largest id of Linux is 2^22.</summary>
    private const int Nobody = 4_194_305;

    private static readonly ControlGroupLimits s_limits = new(64 << 20, 20, 50);

    private readonly TemporaryGroups _groups = new();

    [Fact]
    public void V2_limits_are_written_as_the_kernel_wants_them()
    {
        ControlGroupTree tree = Tree("memory pids cpu");
        _groups.MakeWorkersVersion2(Folder);

        using ControlGroup? group = ControlGroup.TryMake(tree, Name, out string fault);

        Assert.Equal((Name, ""), (group?.Name, fault));
        Assert.True(group!.Limit(s_limits));
        Assert.Equal("67108864", _groups.Read(Folder, "memory.max"));
        Assert.Equal("0", _groups.Read(Folder, "memory.swap.max"));
        Assert.Equal("20", _groups.Read(Folder, "pids.max"));
        Assert.Equal("50", _groups.Read(Folder, "cpu.weight"));
        Assert.True(group.Enter(4711));
        Assert.Equal("4711", _groups.Read(Folder, "cgroup.procs"));
    }

    [Theory]
    [InlineData(20, "20")]
    [InlineData(100, "100")]
    [InlineData(0, "1")]
    public void V2_a_share_of_CPU_is_a_weight(int percent, string weight)
    {
        ControlGroupTree tree = Tree("memory pids cpu");
        _groups.MakeWorkersVersion2(Folder);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;

        Assert.True(group.Weigh(percent));

        Assert.Equal(weight, _groups.Read(Folder, "cpu.weight"));
    }

    [Fact]
    public void Without_the_CPU_controller_there_is_nothing_to_weigh()
    {
        ControlGroupTree tree = Tree("memory pids");
        _groups.MakeWorkersVersion2(Folder);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;

        Assert.True(group.Weigh(20));

        Assert.Equal("", _groups.Read(Folder, "cpu.weight"));
    }

    [Fact]
    public void V2_kills_for_want_of_memory_are_counted()
    {
        ControlGroupTree tree = Tree("memory pids");
        _groups.MakeWorkersVersion2(Folder);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;
        Assert.Equal(0, group.OutOfMemoryKills);

        _groups.Write(Folder, "memory.events", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 1\n");

        Assert.Equal(2, group.OutOfMemoryKills);
    }

    [Theory]
    [InlineData("memory.max")]
    [InlineData("pids.max")]
    [InlineData("cpu.weight")]
    public void A_limit_that_is_refused_is_told(string file)
    {
        ControlGroupTree tree = Tree("memory pids cpu");
        _groups.MakeWorkersVersion2(Folder);
        File.Delete(_groups.Root + Folder + "/" + file);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;

        Assert.False(group.Limit(s_limits));
    }

    [Theory]
    [InlineData("52428800", "anon 31457280\nfile 20971520\nkernel 1\n", (64 + 30) << 20)]
    [InlineData("10485760", "file 20971520\n", 64 << 20)]
    [InlineData("10485760", "", 74 << 20)]
    [InlineData("", "file 1\n", 64 << 20)]
    public void Memory_is_counted_from_what_a_warm_worker_holds_without_what_it_read_from_files(string current, string stat, long limit)
    {
        ControlGroupTree tree = Tree("memory pids cpu");
        _groups.MakeWorkersVersion2(Folder);
        _groups.Write(Folder, "memory.current", current + "\n");
        _groups.Write(Folder, "memory.stat", stat);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;

        Assert.True(group.Limit(s_limits));

        Assert.Equal($"{limit}", _groups.Read(Folder, "memory.max"));
    }

    [Fact]
    public void Swap_that_the_kernel_does_not_count_is_no_fault()
    {
        ControlGroupTree tree = Tree("memory pids");
        _groups.MakeWorkersVersion2(Folder);
        File.Delete(_groups.Root + Folder + "/memory.swap.max");

        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;

        Assert.True(group.Limit(s_limits));
    }

    [Fact]
    public void A_group_that_cannot_be_made_says_why()
    {
        ControlGroupTree tree = Tree("memory pids");
        File.WriteAllText(_groups.Root + Folder, "in the way");

        Assert.Null(ControlGroup.TryMake(tree, Name, out string fault));

        Assert.Contains(Name, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_may_not_be_moved_has_not_entered()
    {
        ControlGroupTree tree = Tree("memory pids");
        _groups.MakeWorkersVersion2(Folder);
        using ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;
        File.Delete(_groups.Root + Folder + "/cgroup.procs");

        Assert.False(group.Enter(4711));
    }

    [Fact]
    public void A_disposed_group_is_gone_and_disposing_it_again_does_nothing()
    {
        ControlGroupTree tree = Tree("memory pids");
        _groups.MakeWorkersVersion2(Folder);
        ControlGroup group = ControlGroup.TryMake(tree, Name, out _)!;
        // The kernel's own files do not prevent rmdir.
        foreach (string file in Directory.GetFiles(_groups.Root + Folder)) File.Delete(file);

        group.Dispose();
        group.Dispose();

        Assert.False(Directory.Exists(_groups.Root + Folder));
        Assert.True(Directory.Exists(_groups.Root + "/cgroup"));
    }

    [Fact]
    public void Stale_groups_are_those_of_processes_that_are_no_more()
    {
        ControlGroupTree tree = Tree("memory pids");
        int own = Environment.ProcessId;
        string held = ControlGroup.NameOf(Nobody, 3), elsewhere = $"{ControlGroup.NameOf(Nobody, 1)}7";
        string[] stale = [ControlGroup.NameOf(Nobody, 1), ControlGroup.NameOf(Nobody, 77), ControlGroup.NameOf(own, 2_000_000_000)];
        string[] kept = [ControlGroup.NameOf(1, 5), "enclave.x.1", $"enclave.{Nobody}", $"enclave.{Nobody}.1.1", $"enclave.{Nobody}.x", "enclave",
            $"other.{Nobody}.1", held, elsewhere];
        foreach (string name in stale.Concat(kept)) _groups.Make("/cgroup/" + name);
        // The last one still has a process, so the kernel does not remove it.
        _groups.Write($"/cgroup/{held}", "cgroup.procs", "1");

        ControlGroup.RemoveStale(tree);

        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetDirectories(_groups.Root + "/cgroup")
            .Select((folder) => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Stale_groups_in_a_folder_that_is_gone_are_nobodys_fault()
    {
        ControlGroupTree tree = Tree("memory pids");
        Directory.Delete(_groups.Root + "/cgroup", recursive: true);

        ControlGroup.RemoveStale(tree);
    }

    public void Dispose() => _groups.Dispose();

    private ControlGroupTree Tree(string controllers)
    {
        _groups.MakeVersion2("/cgroup", controllers, enabled: controllers);
        ControlGroupTree tree = ControlGroupTree.Read(V2Mount, "0::/\n", _groups.Root);
        Assert.True(tree.IsUsable);
        return tree;
    }
}
