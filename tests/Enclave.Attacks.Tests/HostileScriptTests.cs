using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Scripts that want to take the host's time or memory. Each has a worker process of its own, and the next job succeeds after each.</summary>
public sealed class HostileScriptTests
{
    private const long Megabyte = 1L << 20;

    [Theory]
    [InlineData("endless loop", "for(;;){}")]
    [InlineData("endless loop after an await", "await null; for(;;){}")]
    [InlineData("endless loop after a tool", "await callTool('echo', {}); for(;;){}")]
    [InlineData("microtask flood", "const f = () => { Promise.resolve().then(f); }; f();")]
    [InlineData("await flood", "for(;;) await 0;")]
    [InlineData("getter loop in the result", "return { get a() { for(;;){} } };")]
    [InlineData("getter loop in a tool's arguments", "await callTool('echo', { get a() { for(;;){} } });")]
    [InlineData("toJSON loop", "return JSON.stringify({ toJSON() { for(;;){} } });")]
    [InlineData("toString loop", "return `${{ toString() { for(;;){} } }}`;")]
    [InlineData("thenable loop", "return { then() { for(;;){} } };")]
    [InlineData("thenable that never settles beside a loop", "await Promise.race([{ then() {} }, new Promise(() => { for(;;){} })]);")]
    [InlineData("proxy trap loop in the result", "return new Proxy({}, { ownKeys() { for(;;){} } });")]
    [InlineData("proxy array loop in the result", "return new Proxy([], { get() { for(;;){} } });")]
    [InlineData("sort comparator loop", "[3, 1, 2].sort(() => { for(;;){} });")]
    [InlineData("error name getter loop", "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for(;;){} } }); throw e;")]
    [InlineData("thrown proxy loop", "throw new Proxy({}, { get() { for(;;){} } });")]
    [InlineData("console argument loop", "console.log({ get a() { for(;;){} } });")]
    [InlineData("loop that catches everything", "for(;;) { try { for(;;){} } catch {} finally { continue; } }")]
    [InlineData("silent tool", "await callTool('never', {});")]
    public async Task Time_runs_out(string attack, string code) =>
        await Attack(attack, code, [ErrorCode.Timeout]);

    [Theory]
    [InlineData("array bomb", "const a = []; for(;;) a.push(new Array(128).fill(1));")]
    [InlineData("object bomb", "const a = []; for(;;) a.push({ x: a.length });")]
    [InlineData("string bomb", "let s = 'x'; const a = []; for(;;) { s += s.slice(0, 100000) + a.length; a.push(s.toUpperCase()); }")]
    [InlineData("map bomb", "const m = new Map(); for(let i = 0;; i++) m.set(i, [i]);")]
    [InlineData("closure bomb", "let f = () => 0; for(;;) { const g = f; const pad = new Array(50).fill(g); f = () => pad; }")]
    [InlineData("JSON bomb", "let s = '['; s += '[],'.repeat(2 ** 22) + '1]'; const a = []; for(;;) a.push(JSON.parse(s));")]
    [InlineData("spread of a long string", "return [...'.'.repeat(1e8)].length;")]
    [InlineData("split of a long string", "return '1'.repeat(2 ** 27).split('').length;")]
    [InlineData("fill of a long array", "return Array(1e9).fill(0).length;")]
    [InlineData("promise bomb", "const a = []; for(;;) a.push(new Promise(() => {}).then(() => a));")]
    public async Task Memory_runs_out(string attack, string code) =>
        // A bomb may also be too slow to fill its memory in time on a busy machine; either way its own limit ends it.
        await Attack(attack, code, [ErrorCode.MemoryLimitExceeded, ErrorCode.Timeout], timeout: TimeSpan.FromSeconds(8));

    [Theory]
    [InlineData("buffer bomb", "const a = []; for(;;) a.push(new Uint8Array(1 << 20).fill(1));")]
    [InlineData("one large buffer", "return new ArrayBuffer(400 * 2 ** 20).byteLength;")]
    [InlineData("resizable buffer", "const b = new ArrayBuffer(1, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return b.byteLength;")]

    [InlineData("recursion", "const f = () => f() + 1; f();")]
    [InlineData("recursion through proxies", "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x;")]
    [InlineData("deep flat", "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a.flat(Infinity).length;")]
    [InlineData("string too long", "return 'a'.repeat(2 ** 30).length;")]
    [InlineData("wasm", "return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));")]
    [InlineData("eval", "return eval('1 + 1');")]
    [InlineData("Function", "return new Function('return 1')();")]
    [InlineData("async Function", "return await (async () => {}).constructor('return 1')();")]
    [InlineData("import", "return await import('fs');")]
    public async Task The_script_gets_an_error(string attack, string code) =>
        await Attack(attack, code, [ErrorCode.RuntimeError, ErrorCode.MemoryLimitExceeded]);

    [Theory]
    [InlineData("return of 512 MB", "return 'x'.repeat(2 ** 29 - 30);")]
    [InlineData("return of many keys", "const o = {}; for (let i = 0; i < 200000; i++) o['k' + i] = i; return o;")]
    [InlineData("return of a sparse array", "const a = []; a.length = 4294967295; return a;")]
    [InlineData("return of deep nesting", "let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a;")]
    [InlineData("return of shared references", "let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; return a;")]
    [InlineData("return of a huge BigInt", "return 2n ** 1000000n;")]
    [InlineData("proxy with a huge length", "return new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 : 1 });")]
    [InlineData("console flood of lines", "for(;;) console.log('x');")]
    [InlineData("console flood of bytes", "for(;;) console.log('x'.repeat(100000));")]
    [InlineData("console line of 512 MB", "console.log('x'.repeat(2 ** 29 - 30));")]
    public async Task Output_is_bounded(string attack, string code) =>
        await Attack(attack, code, [ErrorCode.OutputLimit, ErrorCode.MemoryLimitExceeded], timeout: TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData("tool flood", "for(;;) callTool('echo', {});", "pending")]
    [InlineData("awaited tool flood", "for(;;) await callTool('echo', {});", "total")]
    [InlineData("tool flood that catches", "for(;;) { try { await callTool('echo', {}); } catch {} }", "total")]
    public async Task Tool_calls_are_bounded(string attack, string code, string reason)
    {
        ExecutionResult result = await Attack(attack, code, [ErrorCode.MaxToolCalls, ErrorCode.MessageFlood]);
        if (result.Error!.Code == ErrorCode.MaxToolCalls && reason == "total") Assert.Equal(reason, result.Error.Data!["reason"]);
    }

    [Theory]
    [InlineData("BigInt power", "return (7n ** (2n ** 22n)).toString().length;")]
    [InlineData("BigInt multiplication", "let a = 3n ** 500000n; for(;;) a = a * a % (2n ** 700000n);")]
    [InlineData("sort of a long string", "return [].sort.call('1'.repeat(2 ** 27));")]
    [InlineData("join of a long string", "return [].join.call('1'.repeat(2 ** 27)).length;")]
    [InlineData("array from a length", "return Array.from({ length: 1e9 }).length;")]
    [InlineData("regular expression over a long string", "return /1+2/.test('1'.repeat(127 * 2 ** 20));")]
    [InlineData("comparison of long strings", "return 'a'.repeat(2 ** 27) < 'a'.repeat(2 ** 27 - 1) + 'b';")]
    [InlineData("flattening of a long rope", "const s = 'x'.padEnd(2 ** 28); return s.charCodeAt(5) + s.trim().length;")]
    [InlineData("parse of a long array", "return JSON.parse('[' + '1,'.repeat(2 ** 26) + '1]').length;")]
    [InlineData("recursion through JSON", "let o = {}; for (let i = 0; i < 1e6; i++) o = { o }; return JSON.stringify(o).length;")]
    [InlineData("chained microtasks", "const f = () => Promise.resolve().then(f); await f();")]
    [InlineData("backtracking", "return /^(a+)+$/.test('a'.repeat(40) + '!');")]
    [InlineData("typed array sort", "const a = new Float64Array(7e6).map((_, i) => -i); for(;;) a.sort(() => 0);")]
    public async Task Native_work_ends_one_way_or_the_other(string attack, string code)
    {
        // Some are stopped, some die in V8, some are merely slow: what counts is one answer in time and a living host.
        ExecutionResult result = await Attack(attack, code, null, timeout: TimeSpan.FromSeconds(2));
        if (!result.Success) Assert.True(
            result.Error!.Code is ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.RuntimeError or ErrorCode.WorkerCrashed,
            $"{attack}: {result.Error.Code} {result.Error.Message}");
    }

    private static async Task<ExecutionResult> Attack(string attack, string code, ErrorCode[]? expected, TimeSpan? timeout = null)
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Timeout = timeout ?? TimeSpan.FromMilliseconds(500),
            MemoryLimit = 64 * Megabyte,
            ToolHandler = async (name, args, context) =>
            {
                if (name == "never") await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return args;
            },
        }.WithoutGuard());
        ExecutionResult result = await Within.Deadline(host.RunAsync(code), $"answer to the attack '{attack}'");

        if (expected is not null)
        {
            Assert.False(result.Success, $"{attack} succeeded with {result.Value}");
            Assert.True(expected.Contains(result.Error!.Code), $"{attack}: {result.Error.Code} {result.Error.Message}");
        }

        ExecutionResult next = await Within.Deadline(host.RunAsync("return 1 + 1", new RunOptions { Timeout = TimeSpan.FromSeconds(10) }), $"next job after '{attack}'");
        Assert.True(next.Success, $"the job after '{attack}': {next.Error?.Code} {next.Error?.Message}");
        Assert.Equal(2, next.Value.AsInt32());
        return result;
    }
}
