using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Where V8 compiles: native code in a worker makes no code that later jobs run, and changes none that they run already.</summary>
[Collection(Jail.Collection)]
public sealed class SealedCodeTests
{
    private const long Page = 4096, Read = 1, Write = 2, Execute = 4, PrivateAnonymous = 0x22, Fixed = 0x10, KernelSet = 8;
    private const int SignalAlarm = 14, SignalFault = 11, SignalAbort = 6;

    [Theory]
    [InlineData(SecurityLevel.Standard, Jail.Bubblewrap)]
    [InlineData(SecurityLevel.Secure, Jail.Landlock)]
    public async Task I15_Memory_becomes_executable_only_where_V8_keeps_its_code(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        await host.AssertForbidden(
            "mmap to execute", (tracee) => tracee.Call(SystemCall.Mmap, 0, Page, Read | Write | Execute, PrivateAnonymous, -1));
        await host.AssertForbidden("a page of its own", (tracee) => MakeExecutable(tracee, SystemCall.Mprotect));
        await host.AssertForbidden("a page of its own by key", (tracee) => MakeExecutable(tracee, SystemCall.PkeyMprotect));
        await host.AssertForbidden("the kernel's page", (tracee) => Protect(tracee, Area.Of(tracee.Pid, "[vdso]"), Read | Write | Execute));
        await host.AssertForbidden("the stack", (tracee) => Protect(tracee, Area.Of(tracee.Pid, "[stack]"), Read | Write | Execute));
        await host.AssertForbidden("the engine's machine code", (tracee) => Protect(tracee, Area.Of(tracee.Pid, "/node", "r-xp"), Read | Write | Execute));
        await host.AssertForbidden("memory before V8's code", (tracee) =>
            tracee.Call(SystemCall.Mprotect, Area.Code(tracee.Pid).Begin - (1L << 30), 1L << 31, Read | Execute));
        await host.AssertForbidden("4 GB behind V8's code", (tracee) =>
            tracee.Call(SystemCall.Mprotect, Area.Code(tracee.Pid).Begin, Page + (1L << 32), Execute));
    }

    [Fact]
    public async Task V8s_own_range_becomes_executable()
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Standard, Jail.Bubblewrap);

        // V8 allocates its machine code in the second way on processors with protection keys. This machine may have none.
        Assert.True((await host.Attack((tracee) => Protect(tracee, Area.Code(tracee.Pid), Read | Write | Execute))).IsDone);
        Assert.True((await host.Attack((tracee) =>
            tracee.Call(SystemCall.PkeyMprotect, Area.Code(tracee.Pid).Begin, Page, Read | Write | Execute, -1))).IsDone);
    }

    /// <summary>
    /// The kernel's page with the clock: every process has it, and no reset restores it. Where the kernel seals it, it is compared after one run in 64.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Secure, nameof(PageListing.Scan))]
    [InlineData(SecurityLevel.Strict, nameof(PageListing.Entries))]
    public async Task T5_A_byte_planted_in_the_kernels_page_is_found(SecurityLevel level, string listing)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var events = new ConcurrentQueue<SecurityEvent>();
        int planted = 0;
        EnclaveHost host = null!;
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            ResetComparison = ResetComparison.EveryRun,
            OnSecurityEvent = events.Enqueue,
            ToolHandler = (_, _, _) =>
            {
                planted = Assert.Single(host.GetIsolationReport().Workers).ProcessId;
                // The last byte belongs to no function.
                Area area = Area.Of(planted, "[vdso]");
                using FileStream memory = new($"/proc/{planted}/mem", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
                memory.Position = area.Begin + area.Length - 1;
                memory.WriteByte(1);
                return new ValueTask<object?>(1);
            },
            WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxExecutionsPerWorker = 1_000_000 },
        };
        host = new EnclaveHost(options.WithoutGuard(), null, TestLauncher.Listing(level, Enum.Parse<PageListing>(listing)));
        await using EnclaveHost owned = host;

        Assert.True((await host.RunAsync("return await callTool('plant', {})")).Success);

        for (int runs = 0; events.IsEmpty && runs < 2_000; runs++) Assert.True((await host.RunAsync("return 1")).Success);
        await Within.Becomes(() => !events.IsEmpty, "a security event came");
        SecurityEvent told = Assert.Single(events);
        Assert.Equal((SecurityEventKind.MemoryMismatch, planted), (told.Kind, told.ProcessId));
    }

    /// <summary>Also without the filter: the kernel seals what no job changes (mseal).</summary>
    [Theory]
    [InlineData(SecurityLevel.Standard, Jail.Bubblewrap)]
    [InlineData(SecurityLevel.Strict, Jail.Landlock)]
    public async Task I15_Code_of_files_and_of_the_kernel_and_constants_stay_as_they_are(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        Assert.SkipUnless(await KernelSeals(), "this kernel has no mseal");
        foreach ((string name, string rights) in ((string, string)[])[
            ("[vdso]", "r-xp"), ("/node", "r-xp"), ("/node", "r--p"), ("/libenclave-engine.so", "r-xp"), ("/libc.so.6", "r-xp")])
        {
            string what = $"{name} {rights}";
            await host.AssertRefused($"write {what}", ["EPERM"], (tracee) => Protect(tracee, Area.Of(tracee.Pid, name, rights), Read | Write));
            await host.AssertRefused($"unmap {what}", ["EPERM"], (tracee) =>
            {
                Area area = Area.Of(tracee.Pid, name, rights);
                return tracee.Call(SystemCall.Munmap, area.Begin, area.Length);
            });
            await host.AssertRefused($"map over {what}", ["EPERM"], (tracee) =>
                tracee.Call(SystemCall.Mmap, Area.Of(tracee.Pid, name, rights).Begin, Page, Read | Write, PrivateAnonymous | Fixed, -1));
        }
    }

    /// <summary>The kernel lets no worker change the pages that STRICT does not compare after each run.</summary>
    [Theory]
    [InlineData(Jail.Bubblewrap)]
    [InlineData(Jail.Landlock)]
    public async Task I15_Memory_that_is_compared_after_some_runs_only_is_kept_by_the_kernel(string form)
    {
        const long GiveBack = 4, Free = 8;
        await using InjectedHost host = Jail.Open(SecurityLevel.Strict, form);
        List<PageRange> kept = MemoryKinds.Of(await host.Worker()).Sealed;
        Assert.SkipWhen(kept.Count == 0, "this kernel does not list sealed memory");

        CallOutcome outcome = await host.Attack((tracee) =>
        {
            foreach (long page in kept.SelectMany((range) => (long[])[range.Begin, range.End - Page]))
            {
                byte[] before = Content(tracee.Pid, page);
                foreach (CallOutcome refused in (CallOutcome[])[
                    tracee.Call(SystemCall.Mprotect, page, Page, Read | Write), tracee.Call(SystemCall.Mprotect, page, Page, 0),
                    tracee.Call(SystemCall.Munmap, page, Page), tracee.Call(SystemCall.Mmap, page, Page, Read, PrivateAnonymous | Fixed, -1)])
                    Assert.True(refused.Error is "EPERM" or "EACCES", $"{refused} at {page:x}");
                // A page of a file may be given back: the file has the same content.
                _ = tracee.Call(SystemCall.Madvise, page, Page, GiveBack);
                _ = tracee.Call(SystemCall.Madvise, page, Page, Free);
                Assert.Equal(before, Content(tracee.Pid, page));
            }

            return tracee.Call(SystemCall.GetPid);
        });

        Assert.True(outcome.IsDone, outcome.ToString());
    }

    /// <summary>The handlers are the engine's for its whole life: of the clock, of the reset, and none for an abort.</summary>
    [Theory]
    [InlineData(SecurityLevel.Standard, Jail.Bubblewrap)]
    [InlineData(SecurityLevel.Strict, Jail.Landlock)]
    public async Task I15_No_handler_of_a_signal_is_replaced(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        foreach (int signal in (int[])[SignalAlarm, SignalFault, SignalAbort])
        {
            await host.AssertForbidden($"a handler of {signal}", (tracee) =>
                tracee.Call(SystemCall.SetSignalAction, signal, tracee.PutNumbers(0, 0, 0, 0), 0, KernelSet));
        }
    }

    /// <summary>A page of a worker; empty for one of the kernel's data, which only the worker may read.</summary>
    private static byte[] Content(int pid, long page)
    {
        byte[] content = new byte[Page];
        using FileStream memory = Planted.Open(pid, FileAccess.Read);
        memory.Position = page;
        try
        {
            memory.ReadExactly(content);
        }
        catch (IOException)
        {
            return [];
        }

        return content;
    }

    private static CallOutcome Protect(Tracee tracee, Area area, long rights) => tracee.Call(SystemCall.Mprotect, area.Begin, area.Length, rights);

    private static CallOutcome MakeExecutable(Tracee tracee, SystemCall call)
    {
        CallOutcome page = tracee.Call(SystemCall.Mmap, 0, Page, Read | Write, PrivateAnonymous, -1);
        return page.IsDone ? tracee.Call(call, page.Value, Page, Read | Execute, -1) : page;
    }

    private static async Task<bool> KernelSeals() => (await BareProgram.Try((tracee) =>
    {
        CallOutcome page = tracee.Call(SystemCall.Mmap, 0, Page, Read | Write, PrivateAnonymous, -1);
        return page.IsDone ? tracee.Call(SystemCall.Mseal, page.Value, Page) : page;
    })).IsDone;

    /// <summary>A mapping of a worker.</summary>
    private readonly record struct Area(long Begin, long Length)
    {
        /// <summary>The first mapping with this name and these rights.</summary>
        public static Area Of(int pid, string name, string rights = "") => Find(pid, (line) =>
            line.EndsWith(name, StringComparison.Ordinal) && line.Contains($" {rights}", StringComparison.Ordinal));

        /// <summary>The first mapping with code that is nobody's file.</summary>
        public static Area Code(int pid) => Find(pid, (line) =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, [_, _, 'x', _], _, _, _]);

        private static Area Find(int pid, Predicate<string> isIt)
        {
            string line = Assert.Single(File.ReadLines($"/proc/{pid}/maps").Where((line) => isIt(line)).Take(1));
            long[] ends = [.. line.Split(' ')[0].Split('-').Select((end) => long.Parse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
            return new Area(ends[0], ends[1] - ends[0]);
        }
    }
}
