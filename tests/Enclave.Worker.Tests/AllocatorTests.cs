using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>
/// At the memory limit of a process every allocation fails, and V8 and ICU do not always check. Then the process exits with its own code, which the host
/// recognises as out of memory.
/// </summary>
public sealed class AllocatorTests
{
    private const int OutOfMemory = 73;
    private const long Room = 40 << 20;

    private static readonly RunLimits s_wide = ScriptJob.Usual with { MemoryBytes = 512 << 20 };

    // Each of the first four wrote through a null from malloc. The last two ended with an abort and with an exit code of ld.so.
    [Theory]
    [InlineData("const keep = []; const s = new Intl.Segmenter('en'); const t = 'x'.repeat(1e6) + 'é'; for (;;) keep.push(s.segment(t))")]
    [InlineData("const keep = []; const s = new Intl.Segmenter('en', { granularity: 'word' }).segment('a b'); for (;;) keep.push(s[Symbol.iterator]())")]
    [InlineData("const keep = []; for (;;) keep.push(new Intl.DateTimeFormat('de', { dateStyle: 'full' }))")]
    [InlineData("const keep = []; const s = '\\ufdfa'.repeat(3e6); for (;;) keep.push(s.normalize('NFKD'))")]
    [InlineData("const keep = []; for (;;) keep.push(new Intl.Locale('de-u-co-phonebk'))")]
    [InlineData("const keep = []; for (let i = 0; ; i++) keep.push(Symbol.for('x' + i))")]
    public void A_process_without_memory_ends_as_one_without_memory(string code)
    {
        TestedEngine.NeedsNative("a process at its limit of memory exits with a code of its own");
        using LiveWorker worker = OpenWide();
        Assert.Equal("1", worker.Run(new ScriptJob("return 1") { Limits = s_wide }).Json);
        worker.LimitMemory(Room);

        worker.Begin(new ScriptJob(code) { Limits = s_wide });

        Assert.Null(worker.Pipes.Next());
        // The allocator exits, or V8 itself (70) if its next page is refused. Both mean out of memory, and neither is a crash.
        Assert.True(worker.ExitCode is OutOfMemory or 70, worker.End());
    }

    [Fact]
    public void A_buffer_that_there_is_no_memory_for_ends_the_run_and_not_the_process()
    {
        TestedEngine.NeedsNative("a process at its limit of memory exits with a code of its own");
        using LiveWorker worker = OpenWide();
        worker.LimitMemory(Room);

        JobAnswer answer = worker.Run(new ScriptJob("const keep = []; for (;;) keep.push(new ArrayBuffer(1 << 20))") { Limits = s_wide });

        Assert.Contains(answer.Status, (RunStatus[])[RunStatus.Error, RunStatus.Stopped]);
        if (answer.Status == RunStatus.Error) Assert.Equal("1", worker.Run(new ScriptJob("return 1") { Limits = s_wide }).Json);
    }

    private static LiveWorker OpenWide() =>
        LiveWorker.Open(WorkerSetup.Tracked with { Hello = WorkerSetup.Tracked.Hello with { HeapLimit = s_wide.MemoryBytes } });
}
