using System.Collections.Concurrent;
using System.Text;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Scripts that try to avoid the policy, to attack it, or to read what it remembers. Nothing is checked before they run.</summary>
public sealed class HostileCallTests
{
    private readonly ConcurrentQueue<(string Name, ScriptValue Args)> _made = [];

    [Theory]
    [InlineData("outer:next", "{}")]
    [InlineData("outer:next", "{ id: 1, value: 'forged' }")]
    [InlineData("outer:call", "{ id: 1, name: 'drop', args: {} }")]
    public async Task The_operations_of_the_outer_bridge_are_no_tools_of_a_script(string name, string args)
    {
        await using EnclaveHost host = Host("(call) => call.name === 'echo'");

        ExecutionResult result = await Run(host, $"const codes = []; const before = callTool('echo', {{}}); try {{ await callTool('{name}', " +
            $"{args}) }} catch (e) {{ codes.push(e.code) }} await before; return codes");

        Assert.Equal("[\"TOOL_REFUSED_BY_POLICY\"]", Value(result).ToJsonString());
        Assert.Equal(["echo"], _made.Select((made) => made.Name));
    }

    [Theory]
    [InlineData("let n = 0; const a = { get id() { return n++ === 0 ? 1 : 2 } }")]
    [InlineData("let n = 0; const a = new Proxy({ id: 1 }, { get: () => n++ === 0 ? 1 : 2 })")]
    [InlineData("const a = JSON.parse('{\"id\":1,\"__proto__\":{\"admin\":true},\"constructor\":{\"prototype\":{\"admin\":true}}}')")]
    [InlineData("const a = Object.create({ admin: true }); a.id = 1; Object.prototype.admin = true")]
    [InlineData("const a = { id: 1, toJSON: undefined, valueOf: null, toString: null, then: 1, length: -1 }")]
    [InlineData("class A { constructor() { this.id = 1 } get admin() { return true } }; const a = new A()")]
    public async Task The_tool_gets_the_arguments_that_the_policy_saw(string arguments)
    {
        await using EnclaveHost host = Host(
            "(call) => ({ allow: call.args.admin === undefined && call.args.id === 1, args: { ...call.args, again: call.args.id } })");

        ExecutionResult result = await Run(host, $"{arguments}; return (await callTool('echo', a)).again");

        Assert.Equal(1, Value(result).AsInt32());
        (string _, ScriptValue args) = Assert.Single(_made);
        Assert.Equal((1, 1), (args["id"].AsInt32(), args["again"].AsInt32()));
        Assert.Equal(ScriptValueKind.Undefined, args["admin"].Kind);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    [InlineData("__defineGetter__")]
    public async Task A_name_that_is_no_tool_finds_nothing_in_the_policys_table(string name)
    {
        await using EnclaveHost host = Host("const rules = { echo: true }; return (call) => rules[call.name]");

        ExecutionResult result = await Run(host, $"await callTool('echo', {{}}); await callTool('{name}', {{}})");

        Assert.Equal(ErrorCode.ToolError, result.Error?.Code);
        Assert.Equal(["echo"], _made.Select((made) => made.Name));
    }

    [Fact]
    public async Task One_script_never_sees_what_another_made_the_policy_remember()
    {
        await using EnclaveHost host = Host(
            "const seen = []; return (call) => { seen.push(call.args); return { allow: true, args: { seen: seen.slice() } } }", (options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2 };
        });

        ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, 40).Select((n) => Run(
            host, $"const out = []; for (let i = 0; i < 3; i++) out.push((await callTool('echo', {{ of: {n}, i }})).seen); return out[2].map((s) => " +
            $"`${{s.of}}.${{s.i}}`).join()")));

        Assert.Equal(Enumerable.Range(0, 40).Select((n) => $"{n}.0,{n}.1,{n}.2"), results.Select((result) => Value(result).AsString()));
    }

    [Fact]
    public async Task Errors_say_nothing_of_the_policy()
    {
        await using EnclaveHost host = Host(
            "const hush = 'tango-' + 'whisky'; return (call) => { if (call.args.n === 1) throw { message: hush }; if (call.args.n === 2) return " +
            "call.args.n[hush].x; return { allow: hush } }");

        ExecutionResult result = await Run(host, """
            const all = [];
            for (let n = 1; n <= 3; n++) {
              try { await callTool('echo', { n }) } catch (e) { for (const k of Reflect.ownKeys(e)) all.push(String(e[k])); all.push(String(e.stack)) }
            }
            for (const k of Object.getOwnPropertyNames(globalThis)) { try { all.push(k, String(globalThis[k])) } catch (e) { all.push(String(e)) } }
            return all.join('\n');
            """);

        string seen = Value(result).AsString();
        Assert.Contains("TOOL_POLICY_FAILED", seen, StringComparison.Ordinal);
        foreach (string word in (string[])["tango", "whisky", "hush", "policy.js", "__ag_", "outer:"])
            Assert.DoesNotContain(word, seen, StringComparison.Ordinal);
        Assert.Empty(_made);
    }

    [Fact]
    public async Task The_memory_of_a_scripts_process_holds_nothing_of_the_policy()
    {
        // Built when the policy runs, so that no process but its own contains the words, not even this one.
        var gate = new TestGate();
        await using EnclaveHost host = Host(
            "const remembered = ['policy', 'state', 'x9f27c'].join('~'); return (call) => remembered.length > call.args.mine.length", (options) =>
                (options.SecurityLevel, options.ToolHandler, options.MemoryLimit) = (SecurityLevel.Permissive, gate.Handle, s_searched));

        Task<ExecutionResult> run = host.RunAsync("const mine = ['script', 'own', '5c'].join('~'); await callTool('gate', { mine }); return mine");
        await gate.Arrival();
        int inner = Assert.Single(host.GetIsolationReport().Workers, (worker) => Holds(worker.ProcessId, "script~own~5c")).ProcessId;
        int outer = Assert.Single(host.GetIsolationReport().OuterWorkers, (worker) => Holds(worker.ProcessId, "policy~state~x9f27c")).ProcessId;

        Assert.NotEqual(inner, outer);
        Assert.All(host.GetIsolationReport().Workers, (worker) => Assert.False(
            Holds(worker.ProcessId, "policy~state~x9f27c") || Holds(worker.ProcessId, "remembered")));
        gate.Open();
        Assert.Equal("script~own~5c", Value(await Within.Deadline(run, "answer")).AsString());
    }

    /// <summary>The limit of a script whose memory is searched: on newer kernels (6.18) the search makes it resident.</summary>
    private static readonly long s_searched = 400L << 20;

    /// <summary>True if the words are there, with one or two bytes for each character.</summary>
    private static bool Holds(int pid, string words) => ProcessMemory.Holds(pid, Encoding.Latin1.GetBytes(words), Encoding.Unicode.GetBytes(words));

    private EnclaveHost Host(string policy, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions { ToolHandler = Tool, DoubleVm = new DoubleVmOptions { ToolPolicy = policy } };
        change?.Invoke(options);
        return new EnclaveHost(options.WithoutGuard());
    }

    private ValueTask<object?> Tool(string name, ScriptValue args, ToolContext context)
    {
        _made.Enqueue((name, args));
        return new(args);
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code) => Within.Deadline(host.RunAsync(code), "answer");

    private static ScriptValue Value(ExecutionResult result)
    {
        Assert.True(result.Success, $"{result.Error?.Code}: {result.Error?.Message}");
        return result.Value;
    }
}
