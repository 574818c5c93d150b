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
    ];

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
