using System.Globalization;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Memory of the kernel and of other processes that a compromised worker could hold or use up with its allowed calls.</summary>
[Collection(Jail.Collection)]
public sealed class KernelResourceTests
{
    private const long Page = 4096, Gigabyte = 1L << 30, ProtRead = 1, ProtWrite = 2, PrivateAnonymous = 0x22, Populate = 0x8000, FixedNoReplace = 0x100000;
    private const long Wake = 1, PrivateWake = 0x81, Block = 0, FirstRealTime = 34, LastRealTime = 64, MaskBytes = 8, EverySignal = -1;

    private const long LeastWorkerMemory = 16L << 20;

    /// <summary>From here on a worker has room for tens of thousands of strewn pages.</summary>
    private const long StrewnFrom = 0x100000000000;

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task R2_Address_space_that_would_be_filled_with_page_tables_is_not_to_be_had(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);

        // The limit counts what the worker had when it was warm, what it may write, and 128 MB.
        await host.AssertRefused("1 GB to read", ["ENOMEM"], (tracee) => tracee.Call(SystemCall.Mmap, 0, Gigabyte, ProtRead, PrivateAnonymous, -1));
    }

    /// <summary>The limit of writable memory does not count memory that was written and may only be read, or not even that.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict, ProtRead)]
    [InlineData(SecurityLevel.Strict, 0)]
    [InlineData(SecurityLevel.Standard, ProtRead)]
    public async Task R2_A_worker_without_a_job_that_fills_memory_and_protects_it_is_ended_long_before_a_gigabyte(SecurityLevel level, long rights)
    {
        await using InjectedHost host = new(Jail.Plan(level, Jail.Bubblewrap).Without(IsolationLayer.ControlGroup), LeastWorkerMemory);
        int pid = await host.Worker();

        long filled = await Injector.Inside(pid, (tracee) => Fill(tracee, rights).Filled);

        // 16 MB for a worker, 56 for V8, 128 for code at STANDARD, and 128 of address space. The host usually ends it before.
        Assert.InRange(filled, 0, Gigabyte / 2);
        await Within.Becomes(() => !host.Events.IsEmpty, "a security event came");
        SecurityEvent told = Assert.Single(host.Events);
        Assert.Equal((SecurityEventKind.IdleActivity, pid), (told.Kind, told.ProcessId));
        Assert.EndsWith(" MB of memory without a job", told.Detail, StringComparison.Ordinal);
        Assert.Equal(RecycleReason.Memory, await Within.Deadline(host.NextLostAsync(), "the end of the worker"));
        await ProcessTable.Gone(pid, "the worker");
    }

    [Fact]
    public async Task R2_A_job_that_fills_memory_and_protects_it_is_ended()
    {
        await using InjectedHost host = new(Jail.Plan(SecurityLevel.Strict, Jail.Bubblewrap).Without(IsolationLayer.ControlGroup), LeastWorkerMemory);
        int pid = await host.Worker();
        long filled = 0;

        (_, ExecutionResult result) = await host.AttackDuringJob((tracee) =>
        {
            (filled, CallOutcome last) = Fill(tracee, ProtRead);
            return last;
        });

        Assert.InRange(filled, 0, Gigabyte / 2);
        Assert.Equal(ErrorCode.MemoryLimitExceeded, result.Error?.Code);
        await ProcessTable.Gone(pid, "the worker");
    }

    /// <summary>When the machine is out of memory, the kernel ends workers before the host.</summary>
    [Theory]
    [ClassData(typeof(JailData))]
    public async Task R16_A_worker_ends_before_the_host_when_memory_is_short(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);

        Assert.Equal("1000", File.ReadAllText($"/proc/{await host.Worker()}/oom_score_adj").Trim());
    }

    [Fact]
    public async Task R2_Pages_strewn_over_the_address_space_are_counted_with_their_tables()
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Standard, Jail.Bubblewrap);
        int pid = await host.Worker(), pages = TestSize.Of(1_000, 10_000);
        long before = Tables(pid);

        CallOutcome outcome = await host.Attack((tracee) => Strew(tracee, pages));

        Assert.True(outcome.IsDone, outcome.ToString());
        // 8 KB of tables for each page, and no writable memory at all. The first and last page may share a table with their neighbours.
        Assert.InRange(Tables(pid) - before, ((pages * 2) - 8) * Page, pages * 3 * Page);
    }

    [Fact]
    public Task R2_A_worker_without_a_job_that_holds_too_much_is_ended_whatever_it_holds() => AssertEndedForMemory(async (host, pid) =>
    {
        // 16 MB for a worker and 96 beyond, at 8 KB per page: so few calls that processor time is seldom the reason. The host may act faster.
        CallOutcome strewn = await Injector.Inside(pid, (tracee) => Strew(tracee, 16_000));
        Assert.True(strewn.IsDone || strewn.Signal == ProcessTable.Kill, strewn.ToString());

        RecycleReason reason = await Within.Deadline(host.NextLostAsync(), $"the end of the worker ({strewn})");
        SecurityEvent told = Assert.Single(host.Events);
        Assert.Equal((SecurityEventKind.IdleActivity, pid), (told.Kind, told.ProcessId));
        Assert.EndsWith(reason == RecycleReason.Memory ? " MB of memory without a job" : " ms without a job", told.Detail, StringComparison.Ordinal);
        return reason;
    });

    [Fact]
    public Task R2_A_worker_that_has_waited_for_long_is_ended_as_soon_as_it_holds_too_much() => AssertEndedForMemory(async (host, pid) =>
    {
        // Its processor time is judged ever more seldom while it does nothing: after 8 s, and then not before 16.
        await Task.Delay(TimeSpan.FromSeconds(9));

        // All that a process may map: 500 MB of tables.
        CallOutcome strewn = await Injector.Inside(pid, (tracee) => Strew(tracee, 60_000));

        Assert.True(strewn.Signal == ProcessTable.Kill, strewn.ToString());
        return await Within.Deadline(host.NextLostAsync(), "the end of the worker");
    });

    [Fact]
    public async Task R2_A_job_that_holds_too_many_page_tables_is_ended_though_it_holds_hardly_a_page()
    {
        await using InjectedHost host = new(Jail.Plan(SecurityLevel.Strict, Jail.Bubblewrap).Without(IsolationLayer.ControlGroup), LeastWorkerMemory);
        int pid = await host.Worker();

        (CallOutcome last, ExecutionResult result) = await host.AttackDuringJob((tracee) => Strew(tracee, 16_000));

        Assert.True(last.IsDone || last.Signal == ProcessTable.Kill, last.ToString());
        Assert.Equal(ErrorCode.MemoryLimitExceeded, result.Error?.Code);
        await ProcessTable.Gone(pid, "the worker");
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I9_Signals_that_wait_are_few(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        await host.Worker();
        int sent = 0;

        CallOutcome last = await host.Attack((tracee) =>
        {
            long process = tracee.Call(SystemCall.GetPid).Value, thread = tracee.Call(SystemCall.GetThreadId).Value;
            Assert.True(tracee.Call(SystemCall.SetSignalMask, Block, tracee.PutNumbers(EverySignal), 0, MaskBytes).IsDone);
            CallOutcome outcome;
            do outcome = tracee.Call(SystemCall.TgKill, process, thread, FirstRealTime + (sent % (LastRealTime - FirstRealTime)));
            while (outcome.IsDone && ++sent < 1000);
            // With all signals blocked it does not see its own writes to pages of the checkpoint.
            tracee.Spend();
            return outcome;
        });

        Assert.Equal("EAGAIN", last.Error);
        Assert.InRange(sent, 1, 64);
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I9_No_thread_of_another_worker_is_woken_through_a_page_that_both_map(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);

        CallOutcome own = await host.Attack((tracee) => tracee.Call(SystemCall.Futex, tracee.PutNumbers(0), PrivateWake, 1));
        Assert.True(own.IsDone, own.ToString());

        await host.AssertForbidden("futex on a shared page", (tracee) => tracee.Call(SystemCall.Futex, tracee.PutNumbers(0), Wake, 1));
    }

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Strict)]
    public async Task R8_A_worker_that_computes_without_a_job_is_ended(SecurityLevel level)
    {
        await using InjectedHost host = Jail.Open(level, Jail.Bubblewrap);
        int pid = await host.Worker();
        await Injector.Inside(pid, (tracee) =>
        {
            tracee.Spin();
            return 0;
        });

        // Where many processes share the cores, its CPU time passes the allowance only at a later look: after 2, 4, 8, 16, 32 and 62 s.
        await Within.Becomes(() => !host.Events.IsEmpty, "a security event came", TimeSpan.FromSeconds(120));
        SecurityEvent told = Assert.Single(host.Events);
        Assert.Equal((SecurityEventKind.IdleActivity, pid), (told.Kind, told.ProcessId));
        Assert.Contains("of CPU time in", told.Detail, StringComparison.Ordinal);
        await ProcessTable.Gone(pid, "the worker");
    }

    /// <summary>
    /// A worker without a job is ended for its memory. On a busy machine its processor time may be judged first, and ends it for what it did: then the next
    /// one is.
    /// </summary>
    private static async Task AssertEndedForMemory(Func<InjectedHost, int, Task<RecycleReason>> end)
    {
        RecycleReason reason = RecycleReason.Violation;
        for (int attempt = 0; attempt < 3 && reason == RecycleReason.Violation; attempt++)
        {
            // A group would count the tables itself, and the kernel would end the worker.
            await using InjectedHost host = new(Jail.Plan(SecurityLevel.Strict, Jail.Bubblewrap).Without(IsolationLayer.ControlGroup), LeastWorkerMemory);
            int pid = await host.Worker();
            reason = await end(host, pid);
            await ProcessTable.Gone(pid, "the worker");
        }

        Assert.Equal(RecycleReason.Memory, reason);
    }

    /// <summary>
    /// Maps a page in each of many gigabytes and lets the kernel read it: a zero page, which costs nothing, below two tables, which cost a page each.
    /// </summary>
    private static CallOutcome Strew(Tracee tracee, int pages)
    {
        CallOutcome outcome = default;
        int strewn = 0;
        for (long at = StrewnFrom; strewn < pages; at += Gigabyte)
        {
            outcome = tracee.Call(SystemCall.Mmap, at, Page, ProtRead, PrivateAnonymous | FixedNoReplace, -1);
            // V8 reserves its cages at random places, some of them here.
            if (outcome.Error == "EEXIST") continue;
            // The kernel reads the timer from the page. It is zero, so no timer starts.
            if (outcome.IsDone) outcome = tracee.Call(SystemCall.SetTimer, 0, outcome.Value);
            if (!outcome.IsDone) return outcome;
            strewn++;
        }

        return outcome;
    }

    /// <summary>Fills pieces of memory and takes away the right to write them, up to a gigabyte.</summary>
    private static (long Filled, CallOutcome Last) Fill(Tracee tracee, long rights)
    {
        const long Piece = 8 << 20;
        long filled = 0;
        CallOutcome last = default;
        while (filled < Gigabyte)
        {
            last = tracee.Call(SystemCall.Mmap, 0, Piece, ProtRead | ProtWrite, PrivateAnonymous | Populate, -1);
            if (last.IsDone) last = tracee.Call(SystemCall.Mprotect, last.Value, Piece, rights);
            if (!last.IsDone) break;
            filled += Piece;
        }

        return (filled, last);
    }

    private static long Tables(int pid) =>
        long.Parse(ProcFile.Status($"/proc/{pid}/status")["VmPTE"].Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
}
