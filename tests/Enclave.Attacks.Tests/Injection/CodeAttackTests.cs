using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>At STRICT no memory that was written is ever executed.</summary>
[Collection(Jail.Collection)]
public sealed class CodeAttackTests
{
    private const long Page = 4096, Read = 1, Write = 2, Execute = 4, PrivateAnonymous = 0x22;

    [Theory]
    [InlineData(Jail.Bubblewrap)]
    [InlineData(Jail.Landlock)]
    public async Task I13_No_memory_may_be_written_and_executed(string form)
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Strict, form);
        string maps = await File.ReadAllTextAsync($"/proc/{await host.Worker()}/maps");
        Assert.DoesNotContain(" rwx", maps, StringComparison.Ordinal);
        Assert.Contains(" r-x", maps, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Jail.Bubblewrap)]
    [InlineData(Jail.Landlock)]
    public async Task I13_No_memory_becomes_executable(string form)
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Strict, form);
        await host.AssertForbidden(
            "mmap to write and execute", (tracee) => tracee.Call(SystemCall.Mmap, 0, Page, Read | Write | Execute, PrivateAnonymous, -1));
        await host.AssertForbidden("mmap to execute", (tracee) => tracee.Call(SystemCall.Mmap, 0, Page, Read | Execute, PrivateAnonymous, -1));
        await host.AssertForbidden("mprotect", MakeExecutable);
        await host.AssertForbidden("pkey_mprotect", MakeExecutableByKey);
    }

    /// <summary>PR_SET_MDWE, if the filter should allow it.</summary>
    [Theory]
    [InlineData(Jail.Bubblewrap)]
    [InlineData(Jail.Landlock)]
    public async Task I13_The_kernel_refuses_it_without_the_filter_too(string form)
    {
        IsolationPlan plan = Jail.Plan(SecurityLevel.Strict, form).Without(IsolationLayer.Seccomp);
        Assert.SkipUnless(plan.Applies(IsolationLayer.NoExecutableMemory), "this kernel has no PR_SET_MDWE");
        await using InjectedHost host = new(plan);
        await host.AssertRefused(
            "mmap to write and execute", ["EACCES"], (tracee) => tracee.Call(SystemCall.Mmap, 0, Page, Read | Write | Execute, PrivateAnonymous, -1));
        await host.AssertRefused("mprotect", ["EACCES"], MakeExecutable);
        await host.AssertRefused("pkey_mprotect", ["EACCES"], MakeExecutableByKey);
    }

    private static CallOutcome MakeExecutable(Tracee tracee)
    {
        CallOutcome page = tracee.Call(SystemCall.Mmap, 0, Page, Read | Write, PrivateAnonymous, -1);
        return page.IsDone ? tracee.Call(SystemCall.Mprotect, page.Value, Page, Read | Execute) : page;
    }

    /// <summary>Key -1 acts like mprotect, through the other call.</summary>
    private static CallOutcome MakeExecutableByKey(Tracee tracee)
    {
        CallOutcome page = tracee.Call(SystemCall.Mmap, 0, Page, Read | Write, PrivateAnonymous, -1);
        return page.IsDone ? tracee.Call(SystemCall.PkeyMprotect, page.Value, Page, Read | Execute, -1) : page;
    }
}
