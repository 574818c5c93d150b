using System.Globalization;
using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>The processes that fork workers in the place of a nursery, each in a control group that outlives its workers.</summary>
[Collection(Alone.Name)]
public sealed class NurseryBranchTests
{
    private readonly TestGate _gate = new();

    [Fact]
    public async Task Workers_of_later_tenants_are_born_in_the_group_of_a_branch_and_nothing_is_left()
    {
        await using (EnclaveHost host = Host(workers: 1, out TestLauncher launcher))
        {
            await UntilBranched(host, launcher);
            var groups = new HashSet<string>(StringComparer.Ordinal);
            var users = new HashSet<string>(StringComparer.Ordinal);
            for (int i = 0; i < 20; i++)
            {
                Assert.True((await Run(host, $"later{i}", "return 1")).Success);
                groups.Add(Group(launcher.Pids[^1]));
                users.Add(ProcFile.Status($"/proc/{launcher.Pids[^1]}/status")["Uid"]);
                WorkerIsolation seen = Assert.Single(host.GetIsolationReport().Workers);
                Assert.Equal(launcher.Pids[^1], seen.ProcessId);
                Assert.Equal(LayerStatus.Active, seen.Layers.Single((layer) => layer.Layer == IsolationLayer.ControlGroup).Status);
            }

            // A worker is started before the one that makes room for it has ended, so there are several branches.
            Assert.InRange(groups.Count, 1, 10);
            Assert.Equal(Machine.This.CanChangeUser ? 20 : 1, users.Count);
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task L1_The_death_of_a_branch_ends_its_worker_alone()
    {
        await using (EnclaveHost host = Host(workers: 2, out TestLauncher launcher))
        {
            (string tenant, int worker, _) = await UntilBranched(host, launcher);
            Task<ExecutionResult> hit = Run(host, tenant, TestGate.Script);
            await _gate.Arrival();
            Task<ExecutionResult> spared = Run(host, "spared", TestGate.Script);
            await _gate.Arrival();

            ProcessTable.Signal(ProcessTable.Parent(worker), ProcessTable.Kill);

            Assert.Equal(ErrorCode.WorkerCrashed, (await hit).Error?.Code);
            await ProcessTable.Gone(worker, "the worker of the dead branch");
            for (int i = 0; i < 5; i++) Assert.True((await Run(host, $"after{i}", "return 1")).Success);
            _gate.Open();
            Assert.True((await spared).Success);
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task A_stopped_branch_delays_one_worker_and_is_replaced()
    {
        await using (EnclaveHost host = Host(workers: 1, out TestLauncher launcher))
        {
            (_, int worker, _) = await UntilBranched(host, launcher);
            int branch = ProcessTable.Parent(worker);

            ProcessTable.Signal(branch, ProcessTable.Stop);

            // It is asked for a worker again once the end of its last one is known.
            for (int i = 0; ProcessTable.Exists(branch) && i < 2_000; i++) Assert.True((await Run(host, $"after{i}", "return 1")).Success);
            await ProcessTable.Gone(branch, "the stopped branch");
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task R2_A_group_in_which_a_worker_ran_out_of_memory_serves_no_other()
    {
        await using (EnclaveHost host = Host(workers: 1, out TestLauncher launcher))
        {
            (string tenant, _, string group) = await UntilBranched(host, launcher);
            NoMoreMemory(group);

            ExecutionResult result = await Run(host, tenant, "const a = []; for (let i = 0; i < 4e6; i++) a.push({ i }); return a.length");

            Assert.Equal(ErrorCode.MemoryLimitExceeded, result.Error?.Code);
            for (int i = 0; i < 10; i++)
            {
                Assert.True((await Run(host, $"after{i}", "return 1")).Success);
                Assert.NotEqual(group, Group(launcher.Pids[^1]));
            }
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public void A_worker_has_its_share_of_cpu_whatever_became_of_the_one_before_it()
    {
        ControlGroupTree groups = Machine.This.ControlGroups;
        Assert.SkipUnless(groups.IsUsable && groups.Folders.ContainsKey("cpu"), $"no share of CPU can be given here: {groups.Detail}");
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Secure, Machine.This, Enum.GetValues<IsolationLayer>());
        var budget = WorkerBudget.For(new WorkerPoolOptions().Bounds, jitless: false);
        using var lent = new LentGroup(ControlGroup.TryMake(groups, out _)!);
        var shares = new List<string?>();
        foreach (bool startsAside in (bool[])[true, false, true])
        {
            Assert.True(lent.IsFree);
            lent.Lend();
            using var confinement = Confinement.Take(plan, budget, new HashSet<string>());
            confinement.Borrow(lent);
            if (startsAside) confinement.StartAside();
            shares.Add(Share());
            if (startsAside && shares.Count > 1) confinement.LimitGroup(threads: 1);
            shares.Add(Share());
        }

        // The first one ends while it starts, the last one becomes ready.
        Assert.Equal([shares[0], shares[0], shares[2], shares[2], shares[0], shares[2]], shares);
        Assert.NotEqual(shares[0], shares[2]);

        string? Share() => ProcFile.Text(
            Path.Combine(groups.Folders["cpu"], lent.Group.Name, groups.Kind == ControlGroupKind.V2 ? "cpu.weight" : "cpu.shares"))?.Trim();
    }

    /// <summary>Runs a tenant after another until a worker comes from a branch.</summary>
    private static async Task<(string Tenant, int Worker, string Group)> UntilBranched(EnclaveHost host, TestLauncher launcher)
    {
        Assert.SkipUnless(Machine.This.ControlGroups.IsUsable, $"no control group can be made here: {Machine.This.ControlGroups.Detail}");
        Assert.True((await Run(host, "first", "return 1")).Success);
        int nursery = ProcessTable.Parent(launcher.Pids[^1]);
        for (int i = 0; i < 500; i++)
        {
            string tenant = $"tenant{i}";
            Assert.True((await Run(host, tenant, "return 1")).Success);
            int worker = launcher.Pids[^1];
            if (ProcessTable.Parent(worker) != nursery) return (tenant, worker, Group(worker));
        }

        throw new InvalidOperationException("no worker came from a branch");
    }

    /// <summary>Lets a group have no more than it has.</summary>
    private static void NoMoreMemory(string group)
    {
        ControlGroupTree groups = Machine.This.ControlGroups;
        (string limit, string used) =
            groups.Kind == ControlGroupKind.V2 ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes");
        string folder = Path.Combine(groups.Folders["memory"], group);
        long bytes = long.Parse(ProcFile.Text(Path.Combine(folder, used))!, CultureInfo.InvariantCulture) + (1 << 20);
        Assert.True(ControlGroup.TryWrite(Path.Combine(folder, limit), bytes.ToString(CultureInfo.InvariantCulture)));
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string tenant, string code) =>
        Within.Deadline(host.RunAsync(code, new RunOptions { Tenant = tenant }), "answer");

    private static string Group(int pid) => (ProcFile.Text($"/proc/{pid}/cgroup") ?? "").Split('\n').Select((line) => line[(line.LastIndexOf('/') + 1)..])
        .First((name) => name.StartsWith("enclave.", StringComparison.Ordinal));

    private EnclaveHost Host(int workers, out TestLauncher launcher)
    {
        launcher = new TestLauncher(TestLauncher.Real(SecurityLevel.Secure));
        var options = new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = workers, SpareWorkers = 0 },
            ToolHandler = _gate.Handle,
        };
        return new EnclaveHost(options.WithoutGuard(), null, launcher);
    }
}
