using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;

namespace Enclave.Worker.Tests;

/// <summary>
/// At the bound of a process's memory every allocation fails, and what allocates in V8 and ICU does not always look: the process then ends by its own code,
/// which the host knows as memory.
/// </summary>
public sealed class AllocatorTests : IDisposable
{
    /// <summary>What native/engine.h ends with when malloc fails, and when V8 says that it has no memory. The host takes both for the script's memory (ExitClassifier).</summary>
    private const int NoNativeMemory = 73, NoHeap = 70;

    private const long Room = 40 << 20;

    private readonly ProbedEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    // Each of the first four wrote through a null of malloc; the last two ended in an abort and in an exit code of ld.so's.
    [Theory]
    [InlineData("const keep = []; const s = new Intl.Segmenter('en'); const t = 'x'.repeat(1e6) + 'é'; for (;;) keep.push(s.segment(t))")]
    [InlineData("const keep = []; const s = new Intl.Segmenter('en', { granularity: 'word' }).segment('a b'); for (;;) keep.push(s[Symbol.iterator]())")]
    [InlineData("const keep = []; for (;;) keep.push(new Intl.DateTimeFormat('de', { dateStyle: 'full' }))")]
    [InlineData("const keep = []; const s = '\\ufdfa'.repeat(3e6); for (;;) keep.push(s.normalize('NFKD'))")]
    [InlineData("const keep = []; for (;;) keep.push(new Intl.Locale('de-u-co-phonebk'))")]
    [InlineData("const keep = []; for (let i = 0; ; i++) keep.push(Symbol.for('x' + i))")]
    public void A_process_without_memory_ends_as_one_without_memory(string code)
    {
        using (IScriptIsolate first = _engine.Take(512 << 20)) Assert.Equal(RunStatus.Value, first.Run(ScriptEngineContract.Job("return 1")).Status);
        IScriptIsolate isolate = _engine.Take(512 << 20);
        _engine.LimitMemory(Room);

        Assert.Throws<InvalidOperationException>(() => isolate.Run(ScriptEngineContract.Job(code)));

        // V8 and malloc share the room, and either may ask for the page that is refused.
        Assert.Contains(_engine.ExitCode, (int?[])[NoNativeMemory, NoHeap]);
    }

    [Fact]
    public void A_buffer_that_there_is_no_memory_for_ends_the_run_and_not_the_process()
    {
        using IScriptIsolate isolate = _engine.Take(512 << 20);
        _engine.LimitMemory(Room);

        ScriptStep step = isolate.Run(ScriptEngineContract.Job("const keep = []; for (;;) keep.push(new ArrayBuffer(1 << 20))"));

        Assert.Contains(step.Status, (RunStatus[])[RunStatus.Error, RunStatus.Stopped]);
        Assert.NotEmpty(_engine.Version);
    }
}
