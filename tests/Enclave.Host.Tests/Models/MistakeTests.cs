using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// The commonest mistakes of models: the error names the mend, before the run under AgentScript, and when it happens under the preset javascript.
/// </summary>
public sealed class MistakeTests(ITestOutputHelper output)
{
    /// <summary>The mistake; the words of the mend under AgentScript, and under the preset javascript.</summary>
    private static readonly (string Code, string Before, string Running)[] s_mistakes =
    [
        // Node and the browser.
        ("const fs = require('fs'); return fs.readFileSync('/a')", "There are no modules", "There are no modules"),
        ("return process.env.HOME", "no environment", "no environment"),
        ("return __dirname", "There are no files", "There are no files"),
        ("module.exports = { a: 1 }", "There are no modules", "There are no modules"),
        ("import fs from 'fs'; return 1", "There are no modules", "There are no modules"),
        ("export const a = 1", "end the script with return", "end the script with return"),
        ("return document.title", "There is no page", "There is no page"),
        ("localStorage.setItem('a', 'b')", "There is no page", "There is no page"),
        ("return new XMLHttpRequest()", "There is no network", "There is no network"),
        ("return (await axios.get('https://a.b')).data", "There is no network", "There is no network"),
        ("return alert('x')", "console.log", "console.log"),
        ("return _.sum([1])", "methods of arrays", "methods of arrays"),
        ("return moment().format()", "Use Date", "Use Date"),
        // Python.
        ("print('x')", "console.log", "console.log"),
        ("return len([1])", "xs.length", "xs.length"),
        ("return None", "Write null", "Write null"),
        ("return True", "Write true", "Write true"),
        ("return str(1)", "String(x)", "String(x)"),
        ("return range(3)", "Array.from({ length: n }", "Array.from({ length: n }"),
        ("return sorted([2, 1])", "sort((a, b)", "sort((a, b)"),
        ("return sum([2, 1])", "reduce(", "reduce("),
        ("return enumerate([2, 1])", "entries()", "entries()"),
        ("return isinstance(1, int)", "typeof", "typeof"),
        ("return dict(a=1)", "Object.fromEntries", "Object.fromEntries"),
        ("return float('1')", "Number(x)", "Number(x)"),
        ("return json.dumps({})", "JSON.stringify", "JSON.stringify"),
        ("return datetime.now()", "new Date()", "new Date()"),
        ("def f(x):\n    return x", "const f = (x) =>", "const f = (x) =>"),
        ("for x in [1]:\n    y = x", "for (const x of xs)", "for (const x of xs)"),
        ("const a = 1;\nif a > 1:\n    a", "if (…)", "if (…)"),
        ("const n = 1; return f'{n}'", "`${a}", "`${a}"),
        ("const a = 1, b = 2; return a and b", "&&", "&&"),
        ("const a = not true", "&&", "&&"),
        ("const a = [x for x in [1]]", "xs.map", "xs.map"),
        ("const f = lambda x: x", "(x) =>", "(x) =>"),
        ("# a comment\nreturn 1", "//", "//"),
        ("raise Exception('x')", "throw", "throw"),
        // Tools.
        ("return await ordersList({ limit: 1 })", "callTool('orders:list'", "callTool('orders:list'"),
        ("return await orders_list({ limit: 1 })", "callTool('orders:list'", "callTool('orders:list'"),
        ("return await tools.orders.List({ limit: 1 })", "orders:list", "orders:list"),
        ("return await tools.Orders.list({ limit: 1 })", "orders:list", "orders:list"),
        ("const r = await callTool('orders:list', { limit: 1 }); return r.data.length", "It is an array itself", "It is an array itself"),
        ("const r = await callTool('orders:list', { limit: 1 }); return await r.json()", "It is an array itself", "It is an array itself"),
        ("return JSON.parse(await callTool('users:get', { id: 1 })).name", "Leave JSON.parse out", "Leave JSON.parse out"),
        ("const r = callTool('orders:list', { limit: 1 }); return r.map((o) => o.id)", "Write await", "Write await"),
        ("const xs = [1].map((id) => callTool('users:get', { id })); return xs", "Promise.all", "Promise.all"),
        ("const f = () => { const r = await callTool('users:get', { id: 1 }); return r }; return f()", "async (x) =>", "async (x) =>"),
        ("return await callTool('users:get', 1)", "one object", "one object"),
        ("return await callTool('users:get', { id: '1' })", "Give id as an integer", "Give id as an integer"),
        ("return await callTool('users:get', { user_id: 1 })", "Leave it out. The arguments are id.", "Leave it out. The arguments are id."),
        ("const text = (await callTool('weather', { city: 'Bern' })).condition; return JSON.parse(text).x", "JSON", "leave JSON.parse out"),
        // Slips.
        ("const n = 1; n = 2; return n", "", "Declare it with let"),
        ("const o = { items: [1] }; return o.map((x) => x)", "", "Only arrays have it"),
        ("const n = 1; return n.split(',')", "", "Only texts have it"),
        ("const d = '2026-01-01'; return d.getFullYear()", "", "new Date(value)"),
        ("for (const x of { a: 1 }) console.log(x)", "", "Object.entries(o)"),
        ("const r = undefined; return r.data", "", "A tool's answer is the data itself"),
        ("const s = ' a '; return s.strip()", "", "trim()"),
        ("const xs = []; xs.append(1); return xs", "", "push(x)"),
        ("return [].reduce((a, b) => a + b)", "", "first value"),
        ("return () => 1", "", "Return data"),
        ("return new Date('x').toISOString()", "", "The date cannot be read"),
        ("return 'x'.repeat(-1)", "", "Math.max(0, n)"),
        ("return (1).toFixed(200)", "", "0 to 100 digits"),
        ("return (1).toString(99)", "", "from 2 to 36"),
        ("return 'a'.normalize('x')", "", "NFC"),
        ("const f = (n) => f(n + 1) + 1; return f(0)", "", "a condition that ends it"),
        ("const xs = [3, 1]; return xs.sortBy('a')", "", "toSorted"),
        ("const s = 'a'; return s.format('b')", "", "a template"),
        ("const c = ['a'][0] ? undefined : 1; return c.name", "", "null or undefined"),
        ("return 'a' in 'abc'", "", "includes"),
        ("throw new Error('own')", "", "The script itself made this error"),
        ("return { a: () => 1 }", "", "Return data"),
        ("return [1].map(async (id) => (await callTool('users:get', { id })).name)", "", "Promise.all"),
        ("[1].forEach(async (id) => { await callTool('users:get', { id }) }); return 1", "forEach does not wait", "forEach does not wait"),
        ("return [1].filter(async (id) => (await callTool('users:get', { id })).id === 1)", "always counts as true", "always counts as true"),
        ("const [a] = Promise.all([callTool('users:get', { id: 1 })]); return a", "await Promise.all", "await Promise.all"),
        ("return await Promise.all({ a: callTool('users:get', { id: 1 }) })", "takes a list", "takes a list"),
        ("for (const u of await callTool('users:get', { id: 1 })) console.log(u)", "not a list", "not a list"),
        ("const r = await callTool('users:get', { id: 1 }); return r[0].name", "not a list", "not a list"),
        ("return await callTool('orders:archive', { q: 1 })", "the tools of orders are", "the tools of orders are"),
        ("return await callTool('run_code', { code: '1' })", "a function of yours", "a function of yours"),
        ("return await tools.call('users:get', { id: 1 })", "write await callTool(", "write await callTool("),
        ("const id = Number('x'); return await callTool('users:get', { id })", "", "Number.isFinite"),
    ];

    /// <summary>Errors of runs under the preset javascript, and results that are not as they were meant, with the words of the mend.</summary>
    private static readonly (string Code, string Words)[] s_surprises =
    [
        ("return 'a-b'.replaceAll(/-/, '')", "the flag g"),
        ("return 'abc'.match(/x/)[1]", "match gives null"),
        ("return new URL('/a/b').href", "give the base"),
        ("return atob('@@@')", "atob reads base64"),
        ("return new Date().toLocaleString('en', { timeZone: 'Bern' })", "Europe/Zurich"),
        ("return new Intl.DateTimeFormat('en', { dateStyle: 'huge' }).format()", "full, long, medium or short"),
        ("return new Intl.NumberFormat('en', { style: 'currency' }).format(5)", "Add the currency"),
        ("return decodeURIComponent('%E0%A4%A')", "no escape"),
        ("return structuredClone({ f: () => 1 })", "cannot be copied"),
        ("return structuredClone(callTool('users:get', { id: 1 }))", "Await it first"),
        ("return 'a' + Symbol('b')", "symbol.description"),
        ("return { a: Symbol('b') }", "symbol.description"),
        ("'use strict'; const s = 'abc'; s[0] = 'x'; return s", "A text cannot be changed"),
        ("return Temporal.now()", "Temporal.Now.instant()"),
        ("return Temporal.PlainDate.from('31.01.2026').toString()", "ISO texts"),
        ("return new Map([['a', 1]]).filter((x) => x)", "[...values]"),
        ("class A { } class B extends A { constructor() { this.b = 2; } } return new B()", "Call super() first"),
        ("class A { get n() { return 1; } } const a = new A(); a.n = 2; return 1", "only a getter"),
        ("class A { } return A()", "Write new in front"),
        ("return [] instanceof 'Array'", "Array.isArray"),
        ("return BigInt(1.5)", "Math.trunc"),
        ("return new Proxy(1, {})", "an object of traps"),
        ("return crypto.randomBytes(8)", "crypto.getRandomValues"),
        ("return crypto.createHash('md5')", "crypto.subtle.digest"),
        ("return URL.createObjectURL(new Blob(['a']))", "no addresses for files"),
        ("return new RegExp('(b')", "for signs that mean themselves"),
        ("return new Uint32Array(new ArrayBuffer(3))", "a multiple"),
        ("return [].constructor.constructor('return 1')()", "write the code itself"),
        ("return (function (n) { return arguments.callee(n); })(5)", "call it by that name"),
        ("return globalThis.process.mainModule", "no process"),
        ("try { await callTool('users:get', {}); } catch (e) { return e.response.status; }", "has name, message and code"),
        ("return function* () { yield 1; }()", "[...it]"),
        ("return new WeakMap()", "use a Map"),
        ("return { toJSON() { return 1; } }", "Leave toJSON out"),
        ("return await callTool('users:get', { id: () => 1 })", "no function"),
        ("async function* pages() { yield 1; } return [...pages()]", "for await"),
        ("const x = 1; if (x = 2) return 1; return x", "write ==="),
        ("let n = 0; while (true) n++; return n", "give the loop an end"),
        ("await new Promise((r) => setTimeout(r, 60000)); return 1", "waited for a timer"),
        ("return await Promise.any([Promise.reject(new Error('a'))])", "allSettled"),
        ("async function get(id) { return (await callTool('users:get', { id })).id; } if (get(1)) return 1; return 2", "Write await get(…)"),
        ("async function main() { await callTool('users:get', { id: 1 }); } main(); return 1", "Write await main(…)"),
        ("let name; callTool('users:get', { id: 1 }).then((u) => { name = u.name; }); return name", "Nothing waits for this promise"),
        ("setTimeout(async () => { await callTool('users:get', { id: 1 }); }, 1000); return 1", "before this timer runs"),
        ("return new Uint8Array(crypto.subtle.digest('SHA-256', new Uint8Array(1))).length", "await crypto.subtle.digest"),
        ("return await [1, 2].reduce(async (sum, id) => sum + (await callTool('users:get', { id })).id, 0)", "(await sum)"),
        ("return [1].map((x) => { id: x })", "(x) => ({"),
        ("return\n{ a: 1 };", "on one line"),
    ];

    [Fact]
    public async Task Every_surprise_of_a_run_is_told_the_mend()
    {
        await using EnclaveHost host = Open(GuardPreset.JavaScript);
        List<string> untold = [];
        foreach ((string code, string words) in s_surprises)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(code, new RunOptions { Timeout = TimeSpan.FromSeconds(2) }), code);
            string told = $"{result.Error?.ToModelText()}\n{string.Join('\n', result.Warnings.Select((issue) => $"{issue.Message}. {issue.Hint}"))}";
            if (!told.Contains(words, StringComparison.Ordinal)) untold.Add($"{code}\n  wants: {words}\n  got: {told.Trim()}");
        }

        Assert.True(untold.Count == 0, string.Join("\n\n", untold));
    }

    [Fact]
    public async Task Every_one_of_them_is_told_what_to_write()
    {
        await using EnclaveHost agentScript = Open(GuardPreset.AgentScript), javaScript = Open(GuardPreset.JavaScript);
        List<string> untold = [];
        foreach ((string code, string before, string running) in s_mistakes)
        {
            foreach ((EnclaveHost host, string words) in ((EnclaveHost, string)[])[(agentScript, before.Length > 0 ? before : running), (javaScript, running)])
            {
                ExecutionResult result = await Within.Deadline(host.RunAsync(code), code);
                string told = $"{result.Error?.ToModelText()}\n{string.Join('\n', result.Warnings.Select((issue) => $"{issue.Message}. {issue.Hint}"))}";
                if (!told.Contains(words, StringComparison.Ordinal)) untold.Add($"{code}\n  wants: {words}\n  got: {told.Trim()}");
            }
        }

        output.WriteLine($"{s_mistakes.Length} mistakes, {untold.Count} of {2 * s_mistakes.Length} answers without the mend");
        Assert.True(untold.Count == 0, string.Join("\n\n", untold));
    }

    private static EnclaveHost Open(GuardPreset preset)
    {
        var options = new EnclaveOptions { Preset = preset };
        AnswerTools.AddTo(options.Tools);
        return new EnclaveHost(options);
    }
}
