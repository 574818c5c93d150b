using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The effect of an operator's policy on the tool calls of scripts.</summary>
public sealed class ToolPolicyTests
{
    private readonly ConcurrentQueue<string> _made = [];

    [Fact]
    public async Task Without_a_policy_every_call_passes_and_values_are_the_same()
    {
        await using EnclaveHost host = Host(null, (options) => options.WithoutGuard());

        ExecutionResult result = await Run(host, """
            const e = await callTool('echo', { n: 1n, d: new Date(0), b: new Uint8Array([1]), u: undefined, nan: NaN, deep: [[{ a: null }]] });
            return [typeof e.n, e.d instanceof Date, e.b.length, 'u' in e, Number.isNaN(e.nan), e.deep, await callTool('nothing')]
            """);

        Assert.Equal("[\"bigint\",true,1,true,true,[[{\"a\":null}]],null]", Value(result).ToJsonString());
        Assert.Equal(2, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task A_policy_allows_and_refuses_by_name()
    {
        await using EnclaveHost host = Host("(call) => call.name !== 'users:delete'");

        ExecutionResult result = await Run(host, "const a = await callTool('echo', { x: 1 }); try { await callTool('users:delete', { id: 7 }) } catch (e) { " +
            "return [a.x, e.name, e.code, e.message, e.tool] }");

        Assert.Equal(
            "[1,\"Error\",\"TOOL_REFUSED_BY_POLICY\",\"the tool policy refused the call of users:delete\",\"users:delete\"]", Value(result).ToJsonString());
        Assert.Equal(["echo"], _made);
    }

    [Fact]
    public async Task A_refusal_that_is_not_caught_ends_the_run_with_the_policys_reason()
    {
        await using EnclaveHost host = Host("(call) => ({ allow: false, reason: `at most ${1 + 1} rows` })");

        ExecutionResult result = await Run(host, "return await callTool('echo')");

        Assert.Equal((ErrorCode.ToolError, "the tool policy refused the call of echo: at most 2 rows"), (result.Error!.Code, result.Error.Message));
    }

    [Fact]
    public async Task A_policy_changes_name_and_arguments_and_judges_the_result()
    {
        await using EnclaveHost host = Host("""
            const limited = (call) => ({ allow: true, name: 'echo', args: { ...call.args, limit: Math.min(call.args.limit, 10) } });
            return { call: limited, result: (call, value) => ({ allow: true, value: { rows: value.limit, asked: call.args.limit } }) };
            """);

        ExecutionResult result = await Run(host, "return await callTool('rows', { limit: 500 })");

        Assert.Equal("{\"rows\":10,\"asked\":500}", Value(result).ToJsonString());
        Assert.Equal(["echo"], _made);
    }

    [Fact]
    public async Task A_policy_may_withhold_a_result()
    {
        await using EnclaveHost host = Host("({ call: () => true, result: (call, value) => value.secret === undefined })");

        ExecutionResult result = await Run(
            host, "const a = await callTool('echo', { x: 1 }); try { await callTool('echo', { secret: 1 }) } catch (e) { return [a.x, e.code] }");

        Assert.Equal("[1,\"TOOL_REFUSED_BY_POLICY\"]", Value(result).ToJsonString());
        Assert.Equal(2, _made.Count);
    }

    [Fact]
    public async Task A_policy_sees_the_call_its_tenant_its_number_and_what_was_before()
    {
        await using EnclaveHost host = Host("(call) => ({ allow: true, args: { seen: call } })");

        ExecutionResult result = await Run(
            host, "await callTool('echo', {}); return (await callTool('echo', { a: 1 })).seen", new RunOptions
            {
                Tenant = "acme",
                SourceName = "report.js",
                Context = "never",
            });

        Assert.Equal(
            "{\"name\":\"echo\",\"args\":{\"a\":1},\"tenant\":\"acme\",\"sourceName\":\"report.js\"," +
                "\"callNumber\":2,\"history\":[{\"callNumber\":1,\"name\":\"echo\",\"allowed\":true}]}",
            Value(result).ToJsonString());
    }

    [Fact]
    public async Task A_policy_finds_its_globals_and_scripts_do_not()
    {
        await using EnclaveHost host = Host("(call) => allowed.includes(call.name)", (options) =>
            options.DoubleVm = options.DoubleVm! with { PolicyGlobals = new Dictionary<string, object?> { ["allowed"] = new[] { "echo" } } });

        ExecutionResult known = await Run(host, "return (await callTool('echo', { x: 2 })).x"), curious = await Run(host, "return allowed");

        Assert.Equal(2, Value(known).AsInt32());
        Assert.Equal(ErrorCode.ValidationError, curious.Error!.Code);
    }

    [Fact]
    public async Task A_policy_remembers_one_run_alone()
    {
        await using EnclaveHost host = Host(
            "const seen = []; return (call) => { seen.push(call.args.n); return { allow: seen.length <= 2, args: { seen } } }", Pool);

        ExecutionResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select((n) => Run(host, $"await callTool('echo', {{ n: {n} }}); return (await callTool('echo', {{ n: {n} }})).seen")));

        Assert.Equal(Enumerable.Range(0, 8).Select((n) => $"[{n},{n}]"), results.Select((result) => Value(result).ToJsonString()));
        ExecutionResult greedy = await Run(host, "await callTool('echo', { n: 1 }); await callTool('echo', { n: 1 }); await callTool('echo', { n: 1 })");
        Assert.Equal("the tool policy refused the call of echo", greedy.Error!.Message);
    }

    [Fact]
    public async Task Calls_of_one_script_are_under_way_at_once()
    {
        var gate = new TestGate();
        await using EnclaveHost host = Host("(call) => call.args.n !== 3", (options) => options.ToolHandler = gate.Handle);

        Task<ExecutionResult> run = host.RunAsync(
            "return (await Promise.allSettled([1, 2, 3, 4, 5].map((n) => callTool('gate', { n })))).map((r) => r.status === 'fulfilled')");
        for (int i = 0; i < 4; i++) await gate.Arrival();
        gate.Open();

        Assert.Equal("[true,true,false,true,true]", Value(await Within.Deadline(run, "answer")).ToJsonString());
    }

    [Fact]
    public async Task A_tools_own_failure_reaches_the_script_as_without_a_policy()
    {
        await using EnclaveHost host = Host("({ call: () => true, result: () => true })");

        ExecutionResult result = await Run(host, "try { await callTool('fail') } catch (e) { return [e.name, e.code, e.message, e.tool] }");
        ExecutionResult large = await Run(host, "return await callTool('large')");

        Assert.Equal("[\"MissingRow\",\"E404\",\"no such row\",\"fail\"]", Value(result).ToJsonString());
        Assert.Equal(("RangeError", "the result of large is larger than a message may be (MaxMessageBytes)"), (large.Error!.Name, large.Error.Message));
    }

    [Theory]
    [InlineData("(call) => call.missing.member")]
    [InlineData("(call) => undefined")]
    [InlineData("(call) => 1")]
    [InlineData("(call) => ({ allow: 1 })")]
    [InlineData("(call) => ({ allow: true, arguments: {} })")]
    [InlineData("(call) => ({ allow: true, args: [] })")]
    [InlineData("(call) => ({ allow: true, args: { f: () => 1 } })")]
    [InlineData("(call) => ({ allow: true, name: '' })")]
    [InlineData("(call) => { call.args.x = 2; return true }")]
    [InlineData("({ call: () => true, result: () => ({ allow: true, value: () => 1 }) })")]
    [InlineData("({ call: () => true, result: () => null })")]
    [InlineData("({ call: 1 })")]
    [InlineData("42")]
    [InlineData("throw { message: 'no' }")]
    [InlineData("(call) => { for (let i = 0; i < 1e7; i++) { } return true }")]
    public async Task A_policy_that_fails_lets_nothing_pass_to_the_script(string policy)
    {
        await using EnclaveHost host = Host(policy);

        ExecutionResult result = await Run(
            host, "const codes = []; for (const n of [1, 2]) { try { await callTool('echo', { x: n }) } catch (e) { codes.push(e.code) } } return codes");

        Assert.Equal("[\"TOOL_POLICY_FAILED\",\"TOOL_POLICY_FAILED\"]", Value(result).ToJsonString());
    }

    [Fact]
    public async Task The_log_says_where_a_policy_failed_and_nothing_that_a_script_gave()
    {
        var log = new LogLines();
        await using var host = new EnclaveHost(
            new EnclaveOptions
            {
                ToolHandler = Tool,
                DoubleVm = new DoubleVmOptions
                {
                    ToolPolicy = "const one = 1;\nreturn (call) => {\n  if (call.args.word === '') for (let i = 0; i < 100000; i++) { }\n  throw new " +
                        "RangeError(`no\\n    at ${call.args.word}`);\n}",
                },
            },
            log);

        await Run(host, "try { await callTool('echo', { word: 'sesame' }) } catch (e) { return 1 }");
        await Run(host, "await callTool('echo', { word: '' })");

        await Within.Becomes(() => log.Texts.Count(Tells) == 2, "both failures were logged");
        string[] lines = [.. log.Texts.Where(Tells)];
        Assert.EndsWith("RangeError at policy.js:4:9", lines[0], StringComparison.Ordinal);
        Assert.Contains("MAX_ITERATIONS", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(log.Texts, (line) => line.Contains("sesame", StringComparison.Ordinal));

        static bool Tells(string line) =>
            line.Contains("tool policy refused", StringComparison.Ordinal) || line.Contains("outer isolate of run", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(call) => call.args.constructor", "line 1")]
    [InlineData("const a = 1;\nwhile (true) { }\n(call) => true", "line 2")]
    [InlineData("(call) => callTool('other')", "callTool")]
    [InlineData("(call) =>", "line 1")]
    [InlineData("(call) => allowed.includes(call.name)", "allowed")]
    public void A_policy_that_no_guard_accepts_is_no_policy(string policy, string told)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Host(policy));

        Assert.StartsWith("DoubleVm.ToolPolicy is refused: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private EnclaveHost Host(string? policy, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions { ToolHandler = Tool, DoubleVm = new DoubleVmOptions { ToolPolicy = policy } };
        change?.Invoke(options);
        return new EnclaveHost(options);
    }

    private static void Pool(EnclaveOptions options) =>
        (options.Adapter, options.WorkerPool) = (EnclaveAdapter.WorkerPool, WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2 });

    private ValueTask<object?> Tool(string name, ScriptValue args, ToolContext context)
    {
        _made.Enqueue(name);
        return name switch
        {
            "echo" => new(args),
            "nothing" => new(ScriptValue.Undefined),
            "large" => new(new string('x', 20 << 20)),
            "fail" => throw new ToolException("no such row") { Name = "MissingRow", Code = "E404" },
            _ => throw new InvalidOperationException($"there is no tool {name}"),
        };
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), "answer");

    private static ScriptValue Value(ExecutionResult result)
    {
        Assert.True(result.Success, $"{result.Error?.Code}: {result.Error?.Message}");
        return result.Value;
    }
}
