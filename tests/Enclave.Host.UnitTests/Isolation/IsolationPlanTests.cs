using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Host.Tests;

/// <summary>The applied, the missing and the reported layers for every kind of machine and level.</summary>
public sealed class IsolationPlanTests
{
    private const string V2 = "30 23 0:26 / /cgroup rw - cgroup2 cgroup2 rw\n";

    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    private static readonly ControlGroupTree s_none = ControlGroupTree.Read("", "", "");

    [Theory]
    [MemberData(nameof(Levels))]
    public void No_mandatory_layer_goes_silently(SecurityLevel level)
    {
        foreach (Machine machine in Machines())
        {
            IsolationPlan plan = IsolationPlan.For(level, machine, []);
            Assert.Empty(plan.Degraded);
            foreach (LayerPlan layer in plan.Layers)
            {
                string where = $"{layer.Layer} at {level} on {machine}";
                Assert.True(layer.Requirement == IsolationTable.Requirement(level, layer.Layer), where);
                bool missing = plan.Missing.Contains(layer);
                Assert.True(missing == (layer is { Possible: false, Requirement: LayerRequirement.Mandatory }), where);
                Assert.True(plan.Applies(layer.Layer) == (layer.Possible && layer.Requirement != LayerRequirement.Off), where);
                if (layer.Requirement == LayerRequirement.Off || layer.Possible) continue;
                Assert.True(layer.Detail.Length > 10, $"no reason for {where}");
                Assert.True(layer.Remedy is { Length: > 10 }, $"no remedy for {where}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void A_loss_is_accepted_by_its_name_only(SecurityLevel level)
    {
        foreach (Machine machine in Machines())
        {
            IsolationLayer[] missing = [.. IsolationPlan.For(level, machine, []).Missing.Select((layer) => layer.Layer)];
            foreach (IsolationLayer accepted in Enum.GetValues<IsolationLayer>())
            {
                IsolationPlan plan = IsolationPlan.For(level, machine, [accepted]);
                Assert.Equal(missing.Where((layer) => layer != accepted), plan.Missing.Select((layer) => layer.Layer));
                Assert.Equal(missing.Where((layer) => layer == accepted), plan.Degraded.Select((layer) => layer.Layer));
                // Every available layer is applied, even if its absence is accepted.
                Assert.True(plan.Layers.All((layer) => layer.Applies == (layer.Possible && layer.Requirement != LayerRequirement.Off)));
            }

            Assert.Empty(IsolationPlan.For(level, machine, Enum.GetValues<IsolationLayer>()).Missing);
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Exactly_what_the_machine_cannot_give_is_missing(SecurityLevel level)
    {
        foreach (Machine machine in Machines())
        {
            bool jailed = machine.BubblewrapFault is null;
            bool landlocked = !jailed && machine.LandlockAbi > 0;
            var impossible = new List<IsolationLayer>();
            if (!machine.HasSeccomp) impossible.Add(IsolationLayer.Seccomp);
            if (!jailed && !landlocked) impossible.Add(IsolationLayer.FileSystem);
            // In a restricted container, the container's own namespaces replace ours, together with the filter that refuses sockets.
            if (!jailed && !(landlocked && machine is { InContainer: true, Bubblewrap: not null, HasSeccomp: true })) impossible.Add(IsolationLayer.Namespaces);
            // Root becomes another user. An ordinary user gets a user namespace. A root that cannot change its user stays root.
            bool dropped = machine.CanChangeUser && (machine.IsRoot || !jailed) || jailed && !machine.HasRootUser;
            if (!dropped) impossible.Add(IsolationLayer.DroppedUser);
            if (!machine.ControlGroups.IsUsable) impossible.Add(IsolationLayer.ControlGroup);

            IsolationPlan plan = IsolationPlan.For(level, machine, []);

            Assert.Equal(
                impossible.Where((layer) => IsolationTable.Requirement(level, layer) == LayerRequirement.Mandatory),
                plan.Missing.Select((layer) => layer.Layer));
            Assert.All(plan.Layers.Where((layer) => layer.Requirement != LayerRequirement.Off), (layer) => Assert.Equal(
                !impossible.Contains(layer.Layer), layer.Possible));
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void A_worker_changes_its_user_where_it_can_and_nowhere_else(SecurityLevel level)
    {
        foreach (Machine machine in Machines())
        {
            IsolationPlan plan = IsolationPlan.For(level, machine, []);
            // bubblewrap's user namespace has only one user.
            bool ownNamespace = plan.Form == JailForm.Bubblewrap && !machine.IsRoot;
            Assert.Equal(level != SecurityLevel.Permissive && machine.CanChangeUser && !ownNamespace, plan.ChangesUser);
        }
    }

    [Fact]
    public void The_form_is_the_strongest_there_is()
    {
        foreach (Machine machine in Machines())
        {
            Assert.Equal(JailForm.None, IsolationPlan.For(SecurityLevel.Permissive, machine, []).Form);
            JailForm expected = machine.BubblewrapFault is null ? JailForm.Bubblewrap : machine.LandlockAbi > 0 ? JailForm.Landlock : JailForm.None;
            foreach (SecurityLevel level in (SecurityLevel[])[SecurityLevel.Strict, SecurityLevel.Secure, SecurityLevel.Standard])
                Assert.Equal(expected, IsolationPlan.For(level, machine, []).Form);
        }
    }

    [Fact]
    public void The_plan_says_what_a_version_of_Landlock_covers()
    {
        Machine machine = Machines().First() with { Bubblewrap = null, BubblewrapFault = "bubblewrap is not installed" };
        foreach ((int version, string scope) in (ReadOnlySpan<(int, string)>)[(1, "(files)"), (4, "(files, TCP)"), (7, "(files, TCP, signals)")])
        {
            Assert.Contains(scope, IsolationPlan.For(SecurityLevel.Secure, machine with { LandlockAbi = version }, [])[IsolationLayer.FileSystem].Detail,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("         0          0 4294967295\n", "         0          0 4294967295\n", "allow\n", true)]
    [InlineData("0 100000 65536\n", "0 100000 65536\n", "allow\n", true)]
    [InlineData("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 65536\n", "allow\n", true)]
    [InlineData("0 0 1\n", "0 0 1\n", "deny\n", false)]
    [InlineData("0 100000 65536\n", "0 100000 65536\n", "deny\n", false)]
    [InlineData("0 100000 65536\n", "0 100000 1\n", "allow\n", false)]
    [InlineData("0 100000 64999\n", "0 100000 65536\n", "allow\n", false)]
    [InlineData("64001 100000 999\n", "0 100000 65536\n", "allow\n", false)]
    [InlineData("", "", "allow\n", false)]
    [InlineData(null, null, null, true)]
    public void A_user_can_be_changed_where_its_namespace_has_the_ids(string? users, string? groups, string? setGroups, bool covers) =>
        Assert.Equal(covers, new IdMap(users, groups, setGroups).Covers(WorkerUser.First, WorkerUser.Count));

    /// <summary>Every combination, even the absurd ones.</summary>
    private static IEnumerable<Machine> Machines()
    {
        using var folder = new TemporaryGroups();
        folder.MakeVersion2("/cgroup", "memory pids cpu", enabled: "memory pids cpu");
        ControlGroupTree[] trees = [s_none, ControlGroupTree.Read(V2, "0::/\n", folder.Root)];
        Assert.True(trees[1].IsUsable);
        bool[] both = [false, true];
        return
        [
            .. from root in (string[])["", "root", "root with CAP_SYS_ADMIN"]
               from change in root.Length == 0 ? [false] : both
               from fault in (string?[])[null, "bubblewrap is not installed", "bwrap: No permissions to create new namespace"]
               from landlock in (int[])[0, 1, 4, 7]
               from seccomp in both
               from container in both
               from tree in trees
               select new Machine
               {
                   IsRoot = root.Length > 4,
                   HasRootUser = root.Length > 0,
                   CanChangeUser = change,
                   Bubblewrap = fault is "bubblewrap is not installed" ? null : "/usr/bin/bwrap",
                   BubblewrapFault = fault,
                   LandlockAbi = landlock,
                   HasSeccomp = seccomp,
                   InContainer = container,
                   ControlGroups = tree,
               },
        ];
    }
}
