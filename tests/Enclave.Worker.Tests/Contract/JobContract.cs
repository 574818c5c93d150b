using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The behaviour of every worker with jobs, for each kind of reset. The jobs of all tests of a class run in one process, one after another.</summary>
public abstract partial class JobContract : IDisposable
{
    /// <summary>A program that runs three times: without the code cache, when its code is stored, and from the stored code.</summary>
    private static readonly CodeKey[] s_comings = [default, new(1), new(1)];

    private readonly WorkerSetup _setup;
    private readonly SharedWorker _shared;

    private protected JobContract(WorkerSetup setup, SharedWorker shared) => (_setup, _shared) = (setup, shared);

    private LiveWorker Worker => _shared.Of(_setup);

    public void Dispose()
    {
        // A test that failed may have left it in the middle of a job.
        if (TestContext.Current.TestState?.Result == TestResult.Failed) _shared.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_version_is_the_pinned_one() => Assert.StartsWith("14.", Worker.Ready!.Engine, StringComparison.Ordinal);

    [Fact]
    public void Nothing_survives_into_the_next_job()
    {
        Assert.Equal("1", Run(
            "globalThis.leak = 1; Array.prototype.leak = 1; JSON.leak = 1; Object.prototype.leak = 1; Symbol.for('leak'); /x(y)/.test('xy'); return 1").Json);

        Assert.Equal(
            "[\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"\",\"other\"]",
            Run("return [typeof leak, [].leak, JSON.leak, ({}).leak, RegExp.$1, Symbol.keyFor(Symbol.for('other'))].map(String)").Json);
    }

    [Fact]
    public void Changes_of_a_run_to_its_functions_are_not_in_the_next()
    {
        const string Code =
            """
            function f() { return /x/g; }
            const tag = (strings) => strings;
            const text = () => tag`a${1}b`;
            const object = () => ({ list: [1, 2], inner: { n: 1 } });
            const seen = [f.count, f().lastIndex, text() === text(), object().list.length, object().inner.n, f.prototype.left, tag.name];
            f.count = 1; f().test('x'); f.prototype.left = 1; object().list.push(3); object().inner.n = 2;
            Object.defineProperty(tag, 'name', { value: 'left' });
            for (let i = 0; i < 2000; i++) f();
            return [seen.map(String), f.toString()];
            """;
        foreach (CodeKey key in s_comings.Append(new(1)))
        {
            Assert.Equal("[[\"undefined\",\"0\",\"true\",\"2\",\"1\",\"undefined\",\"tag\"],\"function f() { return /x/g; }\"]", Run(Code, key: key).Json);
        }
    }

    [Fact]
    public void Kept_programs_push_one_another_out_and_none_is_taken_for_another()
    {
        string large = string.Concat(
            Enumerable.Range(0, 20_000).Select((line) => $"const a{line} = () => {{ const b = {line}; return b + 'text {line}'; }};\n"));
        long before = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int i = 1; i <= 100; i++)
            {
                Assert.Equal(i, Run($"const long = [{string.Join(',', Enumerable.Repeat(i, 2000))}]; return long[1999]", key: new((ulong)i)).Value.AsInt32());
            }

            // Larger than one may be.
            Assert.Equal("19999text 19999", Run(large + "return a19999()", key: new(1000)).Value.AsString());
            if (round == 0) before = Resident();
        }

        // The portable worker's memory is .NET's: it promises no bound of it.
        if (!TestedEngine.IsPortable) Assert.InRange(Resident() - before, long.MinValue, 8L << 20);
    }

    [Fact]
    public void A_job_with_another_memory_limit_runs_and_leaves_the_next_its_own()
    {
        const string Code = "let n = 0; try { const keep = []; for (;;) { keep.push(new ArrayBuffer(1 << 20)); n++; } } catch (e) { return [n, e.name] }";
        RunLimits small = ScriptJob.Usual with { MemoryBytes = 32 << 20 };

        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("[31,\"RangeError\"]", Worker.Run(new ScriptJob(Code) { Limits = small }).Json);
            Assert.Equal("[63,\"RangeError\"]", Run(Code).Json);
        }
    }

    [Fact]
    public void A_job_with_a_larger_memory_limit_holds_more_and_leaves_the_next_its_own()
    {
        const string Code = "const keep = []; for (let i = 0; i < 1000; i++) keep.push(new Array(12_000).fill(i)); return keep.length";
        RunLimits large = ScriptJob.Usual with { MemoryBytes = 256 << 20 }, small = ScriptJob.Usual with { MemoryBytes = 16 << 20 };

        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("1000", Worker.Run(new ScriptJob(Code) { Limits = large }).Json);
            Assert.Equal("1", Worker.Run(new ScriptJob("return 1") { Limits = small }).Json);
        }

        Assert.Equal(StopReason.Memory, Run(Code).Reason);
    }

    [Fact]
    public void A_thousand_jobs_leave_nothing_behind()
    {
        TestedEngine.NeedsNative("a reset gives back all memory of a job");
        long before = 0;
        for (int i = 0; i < 1000; i++)
        {
            Run("const a = []; for (let i = 0; i < 1000; i++) a.push({ i }); return a.length");
            if (i == 200) before = Resident();
        }

        Assert.InRange(Resident() - before, long.MinValue, 1L << 20);
    }

    /// <summary>The state after the last job's reset.</summary>
    private long Resident()
    {
        Worker.AwaitReset();
        return Worker.ResidentBytes;
    }

    private protected JobAnswer Run(string code, object? globals = null, CodeKey key = default, Func<CalledTool, ToolReply?>? tools = null) =>
        Worker.Run(new ScriptJob(code) { Globals = globals, Key = key }, tools);
}
