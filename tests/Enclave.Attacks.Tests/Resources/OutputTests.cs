using System.Globalization;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Scripts that flood the host with results, console lines and tool calls. Runs alone, because it measures this process's memory.</summary>
[Collection(Alone.Name)]
public sealed class OutputTests
{
    /// <summary>The largest message of STANDARD, which bounds a result.</summary>
    private const long ResultCap = 16 * Assault.Megabyte;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("return 'x'.repeat(2 ** 29 - 30);")]
    [InlineData("return 'x'.repeat(17 << 20);")]
    [InlineData("const o = {}; for (let i = 0; i < 2e5; i++) o['k' + i] = i; return o;")]
    [InlineData("const o = {}; for (let i = 0; i < 1e7; i++) o['k' + i] = i; return o;")]
    [InlineData("const a = []; a.length = 4294967295; return a;")]
    [InlineData("const a = []; a[1e9] = 1; return a;")]
    [InlineData("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a;")]
    [InlineData("let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; return a;")]
    [InlineData("return 2n ** 1000000n;")]
    [InlineData("return new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 : 1 });")]
    [InlineData("return new Proxy({}, { ownKeys: () => Array.from({ length: 2e5 }, (_, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ value: 1, " +
        "enumerable: true, configurable: true }) });")]
    public Task R10_A_result_beyond_its_bounds_is_refused(string code) => Bounded(async () =>
        (await Assault.Run(code, s_limit)).EndedAs(ErrorCode.OutputLimit, ErrorCode.MemoryLimitExceeded));

    [Theory]
    [InlineData("return { get a() { throw new Error('a getter'); } };", ErrorCode.RuntimeError)]
    [InlineData("return new Proxy({}, { ownKeys() { throw new Error('a trap'); } });", ErrorCode.RuntimeError)]
    [InlineData("throw { get message() { throw new Error('again'); } };", ErrorCode.RuntimeError)]
    [InlineData("throw 'x'.repeat(2 ** 26);", ErrorCode.RuntimeError, ErrorCode.OutputLimit, ErrorCode.MemoryLimitExceeded)]
    [InlineData("throw new Error('x'.repeat(2 ** 26));", ErrorCode.RuntimeError, ErrorCode.OutputLimit, ErrorCode.MemoryLimitExceeded)]
    public Task R10_A_result_that_throws_is_an_error(string code, params ErrorCode[] expected) =>
        Bounded(async () => (await Assault.Run(code, s_limit)).EndedAs(expected));

    [Theory]
    [InlineData("return Symbol('s');")]
    [InlineData("return () => 1;")]
    [InlineData("return { s: Symbol('s') };")]
    [InlineData("return [class A {}];")]
    public async Task R10_A_result_that_is_no_data_is_an_error(string code) => (await Assault.Run(code, s_limit)).EndedAs(ErrorCode.RuntimeError);

    [Theory]
    [InlineData("const a = []; a.push(a); return a;", "[\"[Circular]\"]")]
    [InlineData("const o = {}; o.self = { o }; return o;", "{\"self\":{\"o\":\"[Circular]\"}}")]
    public async Task R10_A_circle_is_cut(string code, string json) => Assert.Equal(json, (await Assault.Run(code, s_limit)).Result.Value.ToJsonString());

    [Theory]
    [InlineData("for(;;) console.log('x');")]
    [InlineData("for(;;) console.log('x'.repeat(100000));")]
    [InlineData("console.log('x'.repeat(2 ** 29 - 30));")]
    [InlineData("for(;;) console.error({ a: [1, 2, { b: 'c'.repeat(1000) }] });")]
    [InlineData("for(;;) { try { console.log('x'); } catch {} }")]
    [InlineData("for(;;) { console.log('x'); await null; }")]
    [InlineData("for(;;) { console.log('x'.repeat(5000)); await callTool('echo', {}); }")]
    public Task R12_A_flood_of_the_console_is_cut_at_its_cap(string code) => Bounded(async () =>
    {
        Assault assault = await Assault.Run(code, s_limit, change: static (options) => options.MaxToolCalls = 1_000_000);

        assault.EndedAs(ErrorCode.OutputLimit, ErrorCode.MessageFlood, ErrorCode.MemoryLimitExceeded);
        // STANDARD keeps 1 MB in 1,000 lines.
        Assert.InRange(assault.Result.Stdout.Length, 0, (1 << 20) + 1001);
        Assert.InRange(assault.Result.Stdout.Count((character) => character == '\n'), 0, 1001);
    });

    [Theory]
    [InlineData("for (let i = 0; i < 1e6; i++) callTool('count', {});", "pending")]
    [InlineData("for (let i = 0; i < 1e6; i++) callTool('count', {}).catch(() => {});", "pending")]
    [InlineData("for (let i = 0; i < 1e6; i++) { try { callTool('count', {}).catch(() => {}); } catch {} }", "pending")]
    [InlineData("for (let i = 0; i < 1e6; i++) await callTool('count', {});", "total")]
    [InlineData("for (let i = 0; i < 1e6; i++) { try { await callTool('count', {}); } catch {} }", "total")]
    [InlineData("for(;;) await parallel(Array.from({ length: 100 }, () => () => callTool('count', {})));", "total or pending")]
    public async Task R14_Tool_calls_are_bounded_in_all_and_at_once(string code, string reason)
    {
        int calls = 0, pending = 0, most = 0;
        var gate = new Lock();

        Assault assault = await Assault.Run(code, s_limit, change: (options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2, MaxPendingToolCalls = 7, MaxMessagesPerSecond = 1_000_000 };
            options.MaxToolCalls = 50;
            options.ToolHandler = async (_, _, _) =>
            {
                lock (gate)
                {
                    calls++;
                    most = Math.Max(most, ++pending);
                }

                await Task.Yield();
                lock (gate) pending--;
                return null;
            };
        });

        assault.EndedAlone(ErrorCode.MaxToolCalls);
        Assert.Contains((string)assault.Result.Error!.Data!["reason"]!, reason, StringComparison.Ordinal);
        Assert.InRange(calls, 0, 50);
        Assert.InRange(most, 0, 7);
        if (reason == "total") Assert.Equal(50, calls);
    }

    /// <summary>The host grows by less than twice the largest result, however much the script sends.</summary>
    private static async Task Bounded(Func<Task> attack)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Resident("VmRSS:");
        // proc_pid_clear_refs(5): 5 resets the peak to the current resident memory.
        File.WriteAllText("/proc/self/clear_refs", "5");
        await attack();
        long growth = Resident("VmHWM:") - before;
        Assert.True(growth < 2 * ResultCap, $"the host grew by {growth >> 20} MB");
    }

    private static long Resident(string line)
    {
        string text = File.ReadLines("/proc/self/status").First((candidate) => candidate.StartsWith(line, StringComparison.Ordinal));
        return long.Parse(text[line.Length..^2], CultureInfo.InvariantCulture) * 1024;
    }
}
