using Enclave.Isolation.Cgroups;

namespace Enclave.Host.Tests;

/// <summary>The folders in which a host may make groups, read from mounts and memberships of real machines and containers.</summary>
public sealed class ControlGroupTreeTests : IDisposable
{
    private const string V2Mount = "30 23 0:26 / /cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

    private readonly TemporaryGroups _groups = new();

    [Fact]
    public void None_mounted_is_none()
    {
        ControlGroupTree tree = ControlGroupTree.Read("22 1 8:1 / / rw - ext4 /dev/root rw\n", "", _groups.Root);

        Assert.Equal((ControlGroupKind.None, false), (tree.Kind, tree.IsUsable));
        Assert.NotNull(tree.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("nonsense - cgroup\n")]
    [InlineData("30 23 0:26 / /cgroup rw cgroup2 cgroup2 rw\n")]
    [InlineData("30 23 - cgroup2 cgroup2 rw\n")]
    public void Mounts_that_cannot_be_read_give_no_usable_tree(string mounts) => Assert.False(ControlGroupTree.Read(mounts, "0::/\n", _groups.Root).IsUsable);

    [Fact]
    public void V1_has_a_folder_for_each_controller_below_the_hosts_own_group()
    {
        _groups.Make("/memory/host");
        _groups.Make("/pids");
        _groups.Make("/cpu,cpuacct/a/b");

        ControlGroupTree tree = ControlGroupTree.Read(
            Mount("/memory", "rw,memory") + Mount("/pids", "rw,pids") + Mount("/cpu,cpuacct", "rw,cpu,cpuacct") + Mount("/systemd", "rw,xattr,name=systemd"),
            "5:memory:/host\n4:pids:/\n3:cpu,cpuacct:/a/b\n1:name=systemd:/\n",
            _groups.Root);

        Assert.Equal((ControlGroupKind.V1, true, null), (tree.Kind, tree.IsUsable, tree.Remedy));
        Assert.Equal(_groups.Root + "/memory/host", tree.Folders["memory"]);
        Assert.Equal(_groups.Root + "/pids", tree.Folders["pids"]);
        Assert.Equal(_groups.Root + "/cpu,cpuacct/a/b", tree.Folders["cpu"]);
    }

    [Fact]
    public void V1_without_the_cpu_controller_still_bounds_memory_and_processes()
    {
        _groups.Make("/memory");
        _groups.Make("/pids");

        ControlGroupTree tree = ControlGroupTree.Read(Mount("/memory", "rw,memory") + Mount("/pids", "rw,pids"), "5:memory:/\n4:pids:/\n", _groups.Root);

        Assert.True(tree.IsUsable);
        Assert.DoesNotContain("cpu", tree.Folders.Keys);
    }

    [Fact]
    public void V1_that_may_not_be_written_is_not_usable_and_says_what_would_help()
    {
        _groups.Make("/pids");

        // The memory folder does not exist, so not even root can make a group in it.
        ControlGroupTree tree = ControlGroupTree.Read(Mount("/memory", "rw,memory") + Mount("/pids", "rw,pids"), "5:memory:/\n4:pids:/\n", _groups.Root);

        Assert.Equal((ControlGroupKind.V1, false), (tree.Kind, tree.IsUsable));
        Assert.Contains("not writable", tree.Detail, StringComparison.Ordinal);
        Assert.NotNull(tree.Remedy);
    }

    [Fact]
    public void V1_beside_an_empty_v2_is_hybrid_and_used_as_v1()
    {
        _groups.Make("/memory");
        _groups.Make("/pids");
        _groups.MakeVersion2("/cgroup", "", "");

        ControlGroupTree tree = ControlGroupTree.Read(
            Mount("/memory", "rw,memory") + Mount("/pids", "rw,pids") + V2Mount, "5:memory:/\n4:pids:/\n0::/\n", _groups.Root);

        Assert.Equal((ControlGroupKind.Hybrid, true), (tree.Kind, tree.IsUsable));
        Assert.Equal(_groups.Root + "/memory", tree.Folders["memory"]);
    }

    [Fact]
    public void A_container_sees_its_own_part_of_the_tree_where_it_is_mounted()
    {
        // Docker with version 1 and without a namespace of groups: the mount's root and the membership are both the container's group.
        _groups.Make("/memory");
        _groups.Make("/pids/inner");

        ControlGroupTree tree = ControlGroupTree.Read(
            Mount("/memory", "ro,memory", root: "/docker/abc") + Mount("/pids", "ro,pids", root: "/docker/abc"),
            "5:memory:/docker/abc\n4:pids:/docker/abc/inner\n",
            _groups.Root);

        Assert.Equal(_groups.Root + "/memory", tree.Folders["memory"]);
        Assert.Equal(_groups.Root + "/pids/inner", tree.Folders["pids"]);
    }

    [Fact]
    public void A_membership_outside_the_mounted_part_is_taken_as_its_top()
    {
        // Only the beginning of the names is equal.
        _groups.Make("/memory");
        _groups.Make("/pids");

        ControlGroupTree tree = ControlGroupTree.Read(
            Mount("/memory", "rw,memory", root: "/docker/abc") + Mount("/pids", "rw,pids", root: "/docker/abc"), "5:memory:/docker/abcdef\n4:pids:/elsewhere\n",
            _groups.Root);

        Assert.Equal(_groups.Root + "/memory", tree.Folders["memory"]);
        Assert.Equal(_groups.Root + "/pids", tree.Folders["pids"]);
    }

    [Fact]
    public void V2_is_used_below_the_hosts_own_group_when_that_may_be_divided()
    {
        _groups.MakeVersion2("/cgroup/host", "cpuset cpu io memory pids", enabled: "");

        ControlGroupTree tree = ControlGroupTree.Read(V2Mount, "0::/host\n", _groups.Root);

        Assert.Equal((ControlGroupKind.V2, true, null), (tree.Kind, tree.IsUsable, tree.Remedy));
        Assert.All(tree.Folders.Values, (folder) => Assert.Equal(_groups.Root + "/cgroup/host", folder));
        Assert.Equal(["memory", "pids", "cpu"], tree.Folders.Keys);
        // Only missing controllers are asked for. The kernel wants a plus before each.
        Assert.Equal("+memory +pids +cpu", _groups.Read("/cgroup/host", "cgroup.subtree_control").Trim());
    }

    [Fact]
    public void V2_controllers_that_are_handed_on_already_are_not_asked_for_again()
    {
        _groups.MakeVersion2("/cgroup/host", "cpu memory pids", enabled: "cpu memory pids");

        Assert.True(ControlGroupTree.Read(V2Mount, "0::/host\n", _groups.Root).IsUsable);

        Assert.Equal("cpu memory pids\n", _groups.Read("/cgroup/host", "cgroup.subtree_control"));
    }

    [Fact]
    public void V2_leaf_under_a_delegated_group_uses_the_group_above()
    {
        _groups.MakeVersion2("/cgroup/service", "cpu memory pids", enabled: "");
        _groups.MakeVersion2("/cgroup/service/host", "cpu memory pids", enabled: "");
        // A group with processes cannot be divided: the kernel says EBUSY. A folder in place of the file refuses root as well.
        File.Delete(_groups.Root + "/cgroup/service/host/cgroup.subtree_control");
        _groups.Make("/cgroup/service/host/cgroup.subtree_control");

        ControlGroupTree tree = ControlGroupTree.Read(V2Mount, "0::/service/host\n", _groups.Root);

        Assert.True(tree.IsUsable);
        Assert.Equal(_groups.Root + "/cgroup/service", tree.Folders["memory"]);
    }

    [Fact]
    public void V2_that_nobody_lets_us_divide_is_not_usable_and_says_what_would_help()
    {
        _groups.MakeVersion2("/cgroup/host", "cpu memory pids", enabled: "");
        File.Delete(_groups.Root + "/cgroup/host/cgroup.subtree_control");
        _groups.Make("/cgroup/host/cgroup.subtree_control");

        ControlGroupTree tree = ControlGroupTree.Read(V2Mount, "0::/host\n", _groups.Root);

        Assert.Equal((ControlGroupKind.V2, false), (tree.Kind, tree.IsUsable));
        Assert.Contains("Delegate", tree.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu io")]
    [InlineData("memory cpu")]
    [InlineData("pids")]
    public void V2_without_memory_and_pids_is_not_usable(string controllers)
    {
        _groups.MakeVersion2("/cgroup", controllers, enabled: "");

        Assert.False(ControlGroupTree.Read(V2Mount, "0::/\n", _groups.Root).IsUsable);

        Assert.Equal("\n", _groups.Read("/cgroup", "cgroup.subtree_control"));
    }

    [Fact]
    public void V2_of_a_container_with_a_namespace_of_groups_is_its_top()
    {
        _groups.MakeVersion2("/cgroup", "memory pids", enabled: "");

        ControlGroupTree tree = ControlGroupTree.Read(V2Mount, "0::/\n", _groups.Root);

        Assert.True(tree.IsUsable);
        Assert.Equal(_groups.Root + "/cgroup", tree.Folders["pids"]);
    }

    public void Dispose() => _groups.Dispose();

    private static string Mount(string folder, string options, string root = "/") =>
        $"31 23 0:27 {root} {folder} rw,relatime shared:4 master:1 - cgroup cgroup {options}\n";
}
