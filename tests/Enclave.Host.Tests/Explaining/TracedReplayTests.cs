using Enclave.Guard;
using Enclave.Host.Tests.Cases;
using Enclave.Host.Tests.Records;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Explaining;

/// <summary>A traced replay does what was recorded: the same calls, lines, value and error, in the same order.</summary>
public sealed class TracedReplayTests : IAsyncLifetime
{
    private static readonly RunOptions s_recorded = new() { Record = true };

    private readonly EnclaveHost _host = new(new EnclaveOptions { ToolHandler = RepeatablePrograms.Answer }.WithoutGuard());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Random_programs_do_the_same()
    {
        var programs = new RepeatablePrograms(new Random(20261201));
        for (int i = 0; i < TestSize.Of(60, 600); i++) await CheckAsync(_host, programs.Next(), s_recorded);
    }

    /// <summary>Each of the programs at hand that succeeded or failed by itself, under its own rules.</summary>
    [Fact]
    public async Task Recorded_programs_do_the_same()
    {
        if (!File.Exists(RecordedCase.File)) Assert.Skip($"{RecordedCase.File} is not there");
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            ToolHandler = RepeatablePrograms.Answer,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        int ran = 0;
        string[] lines = await File.ReadAllLinesAsync(RecordedCase.File);
        for (int i = 0; i < lines.Length; i += TestSize.Of(6, 1))
        {
            string code = System.Text.Json.JsonDocument.Parse(lines[i]).RootElement.GetProperty("code").GetString()!;
            // The length of a stack's text is that of the places in the program that ran, and a traced program has others (docs/explain.md).
            if (code.Contains("stack", StringComparison.Ordinal)) continue;
            ran += await CheckAsync(host, code, s_recorded with { Timeout = TimeSpan.FromSeconds(2) }) ? 1 : 0;
        }

        Assert.True(ran > TestSize.Of(40, 240), $"{ran} ran");
    }

    [Theory]
    [InlineData("order of microtasks", """
        const seen = [];
        const wait = async (name, n) => { for (let i = 0; i < n; i++) { await null; seen.push(name + i); } return name; };
        const gen = async function* () { yield 1; yield* [2, 3]; return 4; };
        const walk = async () => { for await (const x of gen()) seen.push(x); };
        const thenable = { then(resolve) { seen.push('then'); resolve(7); } };
        const passed = async () => wait('p', 2);
        await Promise.all([wait('a', 3), wait('b', 2), walk(), (async () => seen.push(await thenable))(), passed()]);
        Promise.resolve().then(() => seen.push('late'));
        return seen;
        """)]
    [InlineData("messages that quote the text", """
        const said = [];
        const o = { f: {}, g() { return {}; }, u: undefined, n: null, get t() { throw new Error('getter'); } };
        for (const fail of [() => o.g().h(), () => o.f.x.y, () => new o.f(), () => [...o.u], () => { const [a] = o.n; }, () => { const { b } = o.g().z; },
          () => o.u`x`,
          () => o.t, () => (0, o.f)(), () => o?.u.x, () => o.g`x`.y(), () => { for (const q of o.f); }, () => later, () => { 'use strict'; undefinedName; }]) {
          try { said.push(fail()); } catch (e) { said.push(e.name + ': ' + e.message); }
        }
        let later = 1;
        return said;
        """)]
    [InlineData("functions of all kinds", """
        function* numbers(n = 3, { step } = { step: 1 }) { try { for (let i = 0; i < n; i += step) yield i; } finally { console.log('done'); } }
        class Base { static #count = 0; static { Base.#count = 1; } #v = 2; constructor(x) { this.x = x; }
          get v() { return this.#v; } set v(to) { this.#v = to; }
          static get count() { return Base.#count; } has(o) { return #v in o; } }
        class Derived extends Base { y = this.x + 1; constructor() { super(5); this.v++; } async *[Symbol.asyncIterator]() { yield this.y; } }
        const d = new Derived(), all = [];
        for await (const y of d) all.push(y);
        for (const n of numbers()) { if (n === 2) break; all.push(n); }
        const it = numbers(9); it.next(); all.push(it.return('r').value);
        label: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) {
          if (b === 2) continue label; if (a === 3) break label; all.push([a, b]); } }
        function args() { arguments[0] = 9; return [...arguments, arguments.length, new.target]; }
        function inner(a) { var a; function b() { return 1; } return [a, b()]; }
        function twice(a) { function twice2() { return 1; } var f = twice2; { function twice2() { return 2; } } return f() + a; }
        switch (all.length) { case 0: let z = 1; break; default: { let z = 2; all.push(z); } }
        const closures = []; for (let i = 0; i < 3; i++) closures.push(() => i++);
        var hoisted = typeof later2; function later2() {}
        do { var q = (q ?? 0) + 1; } while (q < 3);
        return [all, d.v, d.has(d), Base.count, args(1, 2), inner(4), twice(1), closures.map((f) => f()), hoisted, q,
          args.name, (() => {}).name, d.constructor.name,
          numbers.length, (async (a, b) => {}).length];
        """)]
    [InlineData("values that run code when they are read", """
        let reads = 0;
        const trap = new Proxy({ a: 1 }, { get(t, k) { reads++; return t[k]; }, getOwnPropertyDescriptor() { reads++; return undefined; },
          getPrototypeOf() { reads++; return null; }, ownKeys() { reads++; return []; }, has() { reads++; return true; } });
        const { proxy } = Proxy.revocable({}, { getPrototypeOf() { reads++; return null; } });
        const below = Object.create(trap);
        const item = { get x() { reads++; return 1; }, toString() { reads++; return 's'; },
          toJSON() { reads++; return 1; }, [Symbol.toPrimitive]() { reads++; return 2; } };
        Object.defineProperty(Array.prototype, 0, { set() { reads++; }, get() { reads++; }, configurable: true });
        Object.defineProperty(Object.prototype, 'value', { get() { reads++; return 5; }, configurable: true });
        Object.defineProperty(Object.prototype, 'toJSON', { get() { reads++; }, configurable: true });
        Array.prototype[Symbol.iterator] = function () { reads++; return [].values(); };
        String.prototype.slice = function () { reads++; return ''; };
        const list = [trap, item, proxy, below];
        let sink = [trap, item, proxy, below, list];
        sink = item; sink = trap; sink = proxy; sink = below; sink = list;
        class Kind extends Proxy { }
        const made = new Kind({}, {});
        return [reads, typeof Proxy, Proxy.name, Proxy.length, made !== undefined];
        """)]
    [InlineData("stacks that are printed", """
        function a() { return b(); } function b() { throw new Error('x'); }
        try { a(); } catch (e) { console.log(e.stack); console.error(e); await callTool('note', { stack: e.stack }); }
        throw new Error('end');
        """)]
    [InlineData("a name of the trace's needs, declared", "var JSON = 1; const console = { log() {} }; console.log('x'); return JSON")]
    public async Task The_program_does_the_same(string name, string code)
    {
        Assert.True(await CheckAsync(_host, code, s_recorded), name);
    }

    private static async Task<bool> CheckAsync(EnclaveHost host, string code, RunOptions options)
    {
        ExecutionResult run = await Within.Deadline(host.RunAsync(code, options), code);
        // Only what the same program does again can be compared, and a program that was refused did nothing.
        if (run.Recording is null || run.Error?.Code is ErrorCode.Timeout or ErrorCode.ValidationError or ErrorCode.MemoryLimitExceeded) return false;
        if (!(await Within.Deadline(host.ReplayAsync(run.Recording), code)).Matches) return false;

        RunExplanation explanation = await Within.Deadline(host.ExplainAsync(run.Recording), code);

        Assert.True(explanation.Notes.Count == 0 || code.StartsWith("var JSON", StringComparison.Ordinal), $"{string.Join('\n', explanation.Notes)}\n{code}");
        return true;
    }
}
