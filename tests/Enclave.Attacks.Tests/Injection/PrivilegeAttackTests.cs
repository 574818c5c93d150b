using System.Globalization;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A worker has no privilege and cannot get one from the kernel.</summary>
[Collection(Jail.Collection)]
public sealed class PrivilegeAttackTests
{
    /// <summary>The bit in the numbers of x32 calls.</summary>
    private const long X32 = 0x40000000;

    private static readonly string[] s_names =
    [
        "mount", "leave the network namespace", "become root", "make a BPF map", "count the processor's events", "set up io_uring", "make a file in memory",
        "handle its own page faults",
        "keep a key in the kernel",
    ];

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I11_No_call_that_gives_privilege_is_made(SecurityLevel level, string form)
    {
        using var target = new AttackTarget();
        await using InjectedHost host = Jail.Open(level, form);
        foreach (Attack attack in AttackTable.HeldTwice.Concat(AttackTable.HeldOnce).Where((attack) => s_names.Contains(attack.Name)))
        {
            await host.AssertForbidden(attack.Name, (tracee) => attack.Make(tracee, target));
        }

        await host.AssertForbidden("setresuid", (tracee) => tracee.Call(SystemCall.SetResUid, 0, 0, 0));
        await host.AssertForbidden("capset", (tracee) => tracee.Call(SystemCall.CapSet, tracee.PutNumbers(0x20080522), tracee.PutNumbers(-1, -1, -1)));
        await host.AssertForbidden("keyctl", (tracee) => tracee.Call(SystemCall.KeyCtl, 0, -2));
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I11_Every_thread_holds_nothing(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form);
        await using InjectedHost host = new(plan);
        int pid = await host.Worker();
        string[] tasks = Directory.GetDirectories($"/proc/{pid}/task");
        Assert.NotEmpty(tasks);
        foreach (string task in tasks)
        {
            Dictionary<string, string> status = ProcFile.Status(task + "/status");
            foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapAmb"]) Assert.Equal("0000000000000000", status[set]);
            Assert.Equal("1", status["NoNewPrivs"]);
            Assert.Equal("2", status["Seccomp"]);
            if (!plan.Machine.CanChangeUser) continue;
            Assert.Equal("", status["Groups"]);
            foreach (string id in (string[])["Uid", "Gid"])
            {
                int[] four = [.. status[id].Split('\t').Select((number) => int.Parse(number, CultureInfo.InvariantCulture))];
                Assert.Single(four.Distinct());
                Assert.InRange(four[0], WorkerUser.First, WorkerUser.First + WorkerUser.Count - 1);
            }
        }
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I12_The_32_bit_gate_is_closed(SecurityLevel level, string form)
    {
        // Numbers of arch/x86/entry/syscalls/syscall_32.tbl. Some are allowed as numbers of the other table.
        const int Exit = 1, Fork = 2, Open = 5, GetPid = 20, Mount = 21, Socket = 359;
        await using InjectedHost host = Jail.Open(level, form);
        // A kernel without this gate (CONFIG_IA32_EMULATION) answers its instruction with SIGSEGV in every process: then no call is made.
        bool hasNone = (await host.Attack((tracee) => tracee.Call32(GetPid))).IsUnknown;
        foreach (int number in (int[])[Exit, Fork, Open, GetPid, Mount, Socket])
        {
            if (!hasNone) await host.AssertForbidden($"int 0x80 with {number}", (tracee) => tracee.Call32(number));
            else Assert.True((await host.Attack((tracee) => tracee.Call32(number))).IsUnknown, $"int 0x80 with {number} came through");
        }
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I12_The_x32_gate_is_closed(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        foreach (SystemCall call in (SystemCall[])[SystemCall.Read, SystemCall.GetPid, SystemCall.OpenAt, SystemCall.Socket, SystemCall.Fork])
        {
            await host.AssertForbidden($"x32 {call}", (tracee) => tracee.Call(X32 | (long)call));
        }
    }
}
