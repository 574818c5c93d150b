using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>
/// Workers of one nursery share its namespaces. A worker that was taken over still reaches neither its sibling nor the nursery, and its end is only its own.
/// </summary>
[Collection(Jail.Collection)]
public sealed class SiblingAttackTests
{
    private const int WorkingDirectory = -100, ControlSocket = 7, FirstForeign = 5, LastTried = 63, GetDescriptorFlags = 1;

    /// <summary>CLONE_PIDFD with SIGCHLD, which the nursery's own filter allows, and SIGCHLD alone.</summary>
    private const long AsNurseriesFork = 0x1011, AsFork = 17;

    /// <summary>Every level in its usual form; with <c>--full</c> also without bubblewrap.</summary>
    public static TheoryData<SecurityLevel, string> Jails
    {
        get
        {
            TheoryData<SecurityLevel, string> data = new()
            {
                { SecurityLevel.Strict, Jail.Bubblewrap }, { SecurityLevel.Secure, Jail.Bubblewrap }, { SecurityLevel.Standard, Jail.Bubblewrap },
                { SecurityLevel.Permissive, Jail.None },
            };
            if (!TestSize.Full) return data;
            foreach (SecurityLevel level in (SecurityLevel[])[SecurityLevel.Strict, SecurityLevel.Secure, SecurityLevel.Standard])
                data.Add(level, Jail.Landlock);
            return data;
        }
    }

    /// <summary>The forms in which each worker has its own user. The other layers that matter here are the same at all levels.</summary>
    public static TheoryData<SecurityLevel, string> OwnUsers => new()
    {
        { SecurityLevel.Standard, Jail.Bubblewrap }, { SecurityLevel.Strict, Jail.Landlock },
    };

    [Theory]
    [MemberData(nameof(Jails))]
    public async Task I7_A_worker_finds_no_file_of_its_sibling(SecurityLevel level, string form)
    {
        await using SiblingHost host = await SiblingHost.Open(Jail.Plan(level, form));
        foreach (int id in host.Targets)
        {
            foreach (string file in (string[])["status", "maps", "mem", "fd/4"])
                await host.AssertRefused(file, ["EACCES"], (tracee) => tracee.Call(SystemCall.OpenAt, WorkingDirectory, tracee.Put($"/proc/{id}/{file}")));
        }

        await host.AssertForbidden("list of /proc", (tracee) => tracee.Call(SystemCall.GetDents64, 0, tracee.Put(new byte[512]), 512));
    }

    [Theory]
    [MemberData(nameof(Jails))]
    public async Task I8_A_worker_neither_traces_nor_reads_its_sibling_or_its_nursery(SecurityLevel level, string form)
    {
        await using SiblingHost host = await SiblingHost.Open(Jail.Plan(level, form));
        await AssertAllForbidden(host, SiblingAttack.Intrusions);
        await AssertAllForbidden(host, SiblingAttack.Settings);
    }

    [Theory]
    [MemberData(nameof(Jails))]
    public async Task I9_A_worker_signals_neither_its_sibling_nor_its_nursery(SecurityLevel level, string form)
    {
        await using SiblingHost host = await SiblingHost.Open(Jail.Plan(level, form));
        await AssertAllForbidden(host, SiblingAttack.Signals(ProcessTable.Kill));
        // Without a jail these would reach processes of the machine, so the signal is none.
        await host.AssertForbidden("kill of its group", (tracee) => tracee.Call(SystemCall.Kill, 0, 0));
        await host.AssertForbidden("kill of everybody", (tracee) => tracee.Call(SystemCall.Kill, -1, 0));
    }

    [Theory]
    [MemberData(nameof(Jails))]
    public async Task I10_A_worker_forks_nothing_although_its_nursery_may(SecurityLevel level, string form)
    {
        await using SiblingHost host = await SiblingHost.Open(Jail.Plan(level, form));
        await host.AssertForbidden("clone as in a nursery", (tracee) => tracee.Call(SystemCall.Clone, AsNurseriesFork, 0, tracee.PutNumbers(0)));
        await host.AssertForbidden("clone as in fork", (tracee) => tracee.Call(SystemCall.Clone, AsFork));
        await host.AssertForbidden("fork", (tracee) => tracee.Call(SystemCall.Fork));
        await host.AssertForbidden("vfork", (tracee) => tracee.Call(SystemCall.Vfork));
        await host.AssertForbidden("clone3", (tracee) => tracee.Call(SystemCall.Clone3, tracee.Put(new byte[88]), 88));
    }

    [Theory]
    [MemberData(nameof(Jails))]
    public async Task I5_A_worker_shares_no_open_descriptor_with_its_sibling_or_its_nursery(SecurityLevel level, string form)
    {
        await using SiblingHost host = await SiblingHost.Open(Jail.Plan(level, form));
        IReadOnlyDictionary<int, string> own = Descriptors(host.Attacker);

        Assert.Equal([0, 1, 2, 3, 4], own.Keys.Order());
        foreach (int other in (int[])[host.Sibling, host.Nursery])
        {
            // The empty pipe at 0 is the nursery's. Its writing end is closed in all of them, so nothing can pass through it.
            Assert.Equal([own[0]], own.Values.Intersect(Descriptors(other).Values));
            Assert.Single(Descriptors(other).Values, (target) => target == own[0]);
        }

        await host.AssertForbidden("an order to fork", (tracee) => tracee.Call(SystemCall.SendMsg, ControlSocket, tracee.Put(new byte[56])));
        await host.AssertForbidden("an order of the host", (tracee) => tracee.Call(SystemCall.RecvMsg, ControlSocket, tracee.Put(new byte[56])));
        await host.AssertForbidden("read of the control socket", (tracee) => tracee.Call(SystemCall.Read, ControlSocket, tracee.PutNumbers(0), 8));
        await host.AssertForbidden("write to the control socket", (tracee) => tracee.Call(SystemCall.Write, ControlSocket, tracee.PutNumbers(0), 4));
    }

    /// <summary>Without the filter of system calls the kernel refuses the same, because each worker is another user.</summary>
    [Theory]
    [MemberData(nameof(OwnUsers))]
    public async Task I8_A_sibling_is_out_of_reach_without_the_filter_too(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form).Without(IsolationLayer.Seccomp, IsolationLayer.ResourceLimits);
        Assert.SkipUnless(plan.ChangesUser, "workers share the host's user here");
        await using SiblingHost host = await SiblingHost.Open(plan);
        // First: the attacks through a pidfd leave it open.
        await host.AssertRefused("descriptors", ["EBADF"], LookForDescriptors);
        foreach (int id in host.Targets)
        {
            foreach (SiblingAttack attack in SiblingAttack.Signals(ProcessTable.Kill).Concat(SiblingAttack.Intrusions).Concat(SiblingAttack.Settings))
                await host.AssertRefused($"{attack} of {id}", ["EPERM"], (tracee) => attack.Make(tracee, id));
            await host.AssertRefused("/proc", ["ENOENT", "EACCES"], (tracee) =>
                tracee.Call(SystemCall.OpenAt, WorkingDirectory, tracee.Put($"/proc/{id}/mem")));
        }

        // The signal reaches all processes of the group that the kernel allows: the attacker.
        CallOutcome group = await host.Attack((tracee) => tracee.Call(SystemCall.Kill, 0, ProcessTable.Kill));
        Assert.Equal(ProcessTable.Kill, group.Signal);
    }

    /// <summary>The attacks are real: without the filter, workers of one user may signal each other. Not even they may trace each other.</summary>
    [Fact]
    public async Task With_one_user_and_no_filter_a_worker_reaches_its_sibling_with_signals_only()
    {
        IsolationPlan plan = Jail.Plan(SecurityLevel.Standard, Jail.Bubblewrap);
        plan = plan.Without(IsolationLayer.Seccomp, IsolationLayer.ResourceLimits, IsolationLayer.DroppedUser);
        await using SiblingHost host = await SiblingHost.Open(plan);
        foreach (int id in host.Targets)
        {
            foreach (SiblingAttack attack in SiblingAttack.Signals(0))
            {
                CallOutcome outcome = await host.Attack((tracee) => attack.Make(tracee, id));
                Assert.True(outcome.IsDone, $"{attack} of {id}: {outcome}");
            }

            foreach (SiblingAttack attack in SiblingAttack.Intrusions)
                await host.AssertRefused($"{attack} of {id}", ["EPERM"], (tracee) => attack.Make(tracee, id));
        }
    }

    private static async Task AssertAllForbidden(SiblingHost host, IEnumerable<SiblingAttack> attacks)
    {
        IReadOnlyList<int> targets = host.Targets;
        foreach (SiblingAttack attack in attacks)
        {
            foreach (int id in targets) await host.AssertForbidden($"{attack} of {id}", (tracee) => attack.Make(tracee, id));
        }
    }

    /// <summary>Asks for every descriptor that is not one of its pipes. The outcome is the first one that exists, or the last refusal.</summary>
    private static CallOutcome LookForDescriptors(Tracee tracee)
    {
        CallOutcome outcome = default;
        for (int fd = FirstForeign; fd <= LastTried; fd++)
        {
            outcome = tracee.Call(SystemCall.Fcntl, fd, GetDescriptorFlags);
            if (outcome.Error != "EBADF") return outcome;
        }

        return outcome;
    }

    private static Dictionary<int, string> Descriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
        .ToDictionary((path) => int.Parse(Path.GetFileName(path)), (path) => new FileInfo(path).LinkTarget ?? "");
}
