using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>No path leads out of a worker.</summary>
[Collection(Jail.Collection)]
public sealed class FileAttackTests
{
    private const int AtWorkingDirectory = -100, Directory = 0x10000;

    // Also without the filter: then the file system's layer and the limit on descriptors must stop it.
    private static readonly string[] s_refusals = ["EACCES", "EPERM", "EMFILE", "ENOENT"];

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I2_No_path_can_be_opened(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form);
        await using InjectedHost host = new(plan);
        foreach (string path in (string[])["/etc/passwd", "/engine/node", "/", ".", "/dev/null"])
        {
            await host.AssertRefused($"openat {path}", s_refusals, (tracee) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put(path)));
            await host.AssertRefused($"open {path}", s_refusals, (tracee) => tracee.Call(SystemCall.Open, tracee.Put(path)));
        }
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I2_Landlock_and_the_jail_refuse_a_path_without_the_filter_and_the_limits_too(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form).Without(IsolationLayer.Seccomp, IsolationLayer.ResourceLimits);
        await using InjectedHost host = new(plan);
        foreach (string path in (string[])["/etc/passwd", "/proc/1/environ", "/proc/self/environ", "/proc/self/maps"])
        {
            await host.AssertRefused($"openat {path}", ["EACCES", "ENOENT"], (tracee) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put(path)));
        }

        await host.AssertRefused(
            "openat of a folder", ["EACCES", "ENOENT"], (tracee) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put("/proc"), Directory));
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I7_Nothing_of_other_processes_can_be_read(SecurityLevel level, string form)
    {
        IsolationPlan plan = Jail.Plan(level, form);
        await using InjectedHost host = new(plan);
        foreach (string path in (string[])["/proc/1/environ", $"/proc/{Environment.ProcessId}/mem", "/proc/self/maps"])
        {
            await host.AssertRefused($"openat {path}", s_refusals, (tracee) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put(path)));
        }

        await host.AssertRefused("openat of /proc", s_refusals, (tracee) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put("/proc"), Directory));
        await host.AssertForbidden("getdents64", (tracee) => tracee.Call(SystemCall.GetDents64, 3, tracee.Put(new byte[512]), 512));
    }
}
