using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A worker can neither reach nor create other processes.</summary>
[Collection(Jail.Collection)]
public sealed class ProcessAttackTests
{
    // linux/ptrace.h. PTRACE_ATTACH is not among them: if it worked, it would stop the test's own process.
    private const int PeekData = 2, Seize = 0x4206;

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I8_Neither_the_host_nor_another_worker_can_be_traced_or_read(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        await using InjectedHost neighbour = Jail.Open(level, form);
        foreach (int victim in (int[])[Environment.ProcessId, await neighbour.Worker()])
        {
            await host.AssertForbidden("ptrace", (tracee) => tracee.Call(SystemCall.Ptrace, Seize, victim));
            await host.AssertForbidden(
                "process_vm_readv", (tracee) => tracee.Call(SystemCall.ProcessVmReadv, victim, tracee.PutNumbers(0, 8), 1, tracee.PutNumbers(0, 8), 1));
            await host.AssertForbidden(
                "process_vm_writev", (tracee) => tracee.Call(SystemCall.ProcessVmWritev, victim, tracee.PutNumbers(0, 8), 1, tracee.PutNumbers(0, 8), 1));
            await host.AssertForbidden("pidfd_open", (tracee) => tracee.Call(SystemCall.PidFdOpen, victim));
        }

        await host.AssertForbidden("pidfd_getfd", (tracee) => tracee.Call(SystemCall.PidFdGetFd, 3, 0));
        await host.AssertForbidden("ptrace of nobody", (tracee) => tracee.Call(SystemCall.Ptrace, PeekData, 0));
    }

    /// <summary>Two workers of a host have different users, so neither could reach the other even without the filter.</summary>
    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I8_Another_worker_is_out_of_reach_without_the_filter_too(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form).Without(IsolationLayer.Seccomp, IsolationLayer.ResourceLimits);
        Assert.SkipUnless(plan.Applies(IsolationLayer.DroppedUser), "workers share the host's user here");
        await using InjectedHost host = new(plan);
        await using InjectedHost neighbour = new(plan);
        int victim = await neighbour.Worker();
        string[] refusals = ["EPERM", "ESRCH"];
        await host.AssertRefused("ptrace", refusals, (tracee) => tracee.Call(SystemCall.Ptrace, Seize, victim));
        await host.AssertRefused("process_vm_readv", refusals, (tracee) =>
        {
            long here = tracee.PutNumbers(0);
            return tracee.Call(SystemCall.ProcessVmReadv, victim, tracee.PutNumbers(here, 8), 1, tracee.PutNumbers(here, 8), 1);
        });
        await host.AssertRefused("kill", refusals, (tracee) => tracee.Call(SystemCall.Kill, victim, 0));
        await host.AssertRefused("pidfd_open and pidfd_getfd", refusals, (tracee) =>
        {
            CallOutcome found = tracee.Call(SystemCall.PidFdOpen, victim);
            return found.IsDone ? tracee.Call(SystemCall.PidFdGetFd, found.Value, 3) : found;
        });
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I9_No_signal_reaches_anybody_else(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        int self = Environment.ProcessId;
        await host.AssertForbidden("kill of the host", (tracee) => tracee.Call(SystemCall.Kill, self, 0));
        await host.AssertForbidden("kill of everybody", (tracee) => tracee.Call(SystemCall.Kill, -1, 0));
        await host.AssertForbidden("kill of its group", (tracee) => tracee.Call(SystemCall.Kill, 0, 0));
        await host.AssertForbidden("tkill", (tracee) => tracee.Call(SystemCall.Tkill, self, 0));
        await host.AssertForbidden("tgkill of the host", (tracee) => tracee.Call(SystemCall.TgKill, self, self, 0));
        await host.AssertForbidden("pidfd_send_signal", (tracee) => tracee.Call(SystemCall.PidFdSendSignal, 3, 0));
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I10_Nothing_new_runs(SecurityLevel level, string form)
    {
        const long AsFork = 17, AsThread = 0x50f00;
        await using InjectedHost host = Jail.Open(level, form);
        await host.AssertForbidden("fork", (tracee) => tracee.Call(SystemCall.Fork));
        await host.AssertForbidden("vfork", (tracee) => tracee.Call(SystemCall.Vfork));
        await host.AssertForbidden("clone", (tracee) => tracee.Call(SystemCall.Clone, AsFork));
        await host.AssertForbidden("execve", (tracee) => tracee.Call(SystemCall.Execve, tracee.Put("/bin/sh"), tracee.PutNumbers(0), tracee.PutNumbers(0)));
        await host.AssertForbidden(
            "execve of its own engine", (tracee) => tracee.Call(SystemCall.Execve, tracee.Put("./node"), tracee.PutNumbers(0), tracee.PutNumbers(0)));
        await host.AssertForbidden(
            "execveat", (tracee) => tracee.Call(SystemCall.ExecveAt, -100, tracee.Put("/bin/sh"), tracee.PutNumbers(0), tracee.PutNumbers(0)));
        await host.AssertForbidden("clone of a thread", (tracee) => tracee.Call(SystemCall.Clone, AsThread, tracee.Put(new byte[256]) + 256));
        await host.AssertForbidden("clone3", (tracee) => tracee.Call(SystemCall.Clone3, tracee.Put(new byte[88]), 88));
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I11_No_setting_of_the_process_can_be_changed(SecurityLevel level, string form)
    {
        const int SetName = 15, SetDumpable = 4, SetSeccomp = 22, SetParentDeathSignal = 1;
        await using InjectedHost host = Jail.Open(level, form);
        await host.AssertForbidden("prctl to be named", (tracee) => tracee.Call(SystemCall.Prctl, SetName, tracee.Put("worker")));
        foreach (int option in (int[])[SetDumpable, SetSeccomp, SetParentDeathSignal])
            await host.AssertForbidden($"prctl {option}", (tracee) => tracee.Call(SystemCall.Prctl, option, 1));
    }
}
