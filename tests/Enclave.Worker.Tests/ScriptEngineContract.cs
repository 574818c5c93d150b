using System.Buffers;
using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Tests;
using Enclave.Worker.Engine;

namespace Enclave.Worker.Tests;

/// <summary>What every script engine does, whatever stands behind the seam. An implementation inherits this and gives its engine.</summary>
public abstract class ScriptEngineContract
{
    /// <summary>A program that comes three times: alone, kept, and from what was kept.</summary>
    private static readonly CodeKey[] s_comings = [default, new(1), new(1)];

    private protected abstract ProbedEngine Engine { get; }

    [Theory]
    [InlineData("return 1 + 1", "2")]
    [InlineData("return", "null")]
    [InlineData("", "null")]
    [InlineData("// only a comment", "null")]
    [InlineData("return await Promise.resolve(5)", "5")]
    [InlineData("return [typeof globalThis, typeof require, typeof process, this === undefined]", "[\"object\",\"undefined\",\"undefined\",true]")]
    [InlineData("return { a: 1, b: [true, null, 'x'], c: { d: 1.5 } }", "{\"a\":1,\"b\":[true,null,\"x\"],\"c\":{\"d\":1.5}}")]
    [InlineData("return new Map([['a', 1], [2, 'b']])", "{\"a\":1,\"2\":\"b\"}")]
    [InlineData("return new Set([1, 'a'])", "[1,\"a\"]")]
    [InlineData("return new Date(86400000)", "\"1970-01-02T00:00:00.000Z\"")]
    [InlineData("return new Date(NaN)", "null")]
    [InlineData("return 12345678901234567890n", "\"12345678901234567890\"")]
    [InlineData("return new Uint8Array([1, 2, 3])", "\"AQID\"")]
    [InlineData("return new Float64Array([1.5, 2])", "[1.5,2]")]
    [InlineData("return new Error('lost')", "{\"name\":\"Error\",\"message\":\"lost\"}")]
    [InlineData("return /a+/g", "\"/a+/g\"")]
    [InlineData("const o = { a: 1 }; return [o, o]", "[{\"a\":1},{\"a\":1}]")]
    [InlineData("const o = {}; o.self = o; return o", "{\"self\":\"[Circular]\"}")]
    [InlineData("return JSON.parse('{\"__proto__\":1,\"constructor\":2,\"prototype\":3,\"x\":4}')", "{\"__proto__\":1,\"constructor\":2,\"prototype\":3,\"x\":4}")]
    [InlineData("return { get a() { return 7; } }", "{\"a\":7}")]
    [InlineData("return new Proxy([1, 2], {})", "[1,2]")]
    [InlineData("return new Proxy({ a: 1 }, {})", "{\"a\":1}")]
    [InlineData("return Object(5)", "5")]
    [InlineData("return '\\ud800'", "\"\\ud800\"")]
    [InlineData("return '\\u00e9\\u20ac\\ud83d\\ude00'", "\"é€\\uD83D\\uDE00\"")]
    public void A_program_has_a_value(string code, string json)
    {
        foreach (CodeKey key in s_comings)
        {
            using IScriptIsolate isolate = Take();

            ScriptStep step = isolate.Run(Job(code) with { Key = key });

            Assert.Equal(RunStatus.Value, step.Status);
            Assert.Equal(json, Value(step).ToJsonString());
        }
    }

    [Theory]
    [InlineData("throw new RangeError('far')", 0, "RangeError", "far", "    at script.js:1:7")]
    [InlineData("const f = () => { null.x; };\nf();", 0, "TypeError", "Cannot read properties of null (reading 'x')", "    at f (script.js:1:24)\n    at script.js:2:1")]
    [InlineData("throw 'text'", 0, "Error", "text", null)]
    [InlineData("throw { name: 'Own', message: 'made' }", 0, "Own", "made", null)]
    [InlineData("const a = ;", 1, "SyntaxError", "Unexpected token ';'", "    at script.js:1:11")]
    [InlineData("const a = 1;\nreturn a +", 1, "SyntaxError", "Unexpected end of input", "    at script.js:2:11")]
    [InlineData("if (1) {", 1, "SyntaxError", "Unexpected end of input", "    at script.js:1:9")]
    [InlineData("return () => 1", 3, "TypeError", "a function at $ cannot cross: values are data only", null)]
    [InlineData("return { a: [1, { b: Symbol() }] }", 3, "TypeError", "a symbol at $.a[1].b cannot cross: values are data only", null)]
    [InlineData("return { p: Promise.resolve() }", 3, "TypeError", "a promise that was not awaited at $.p cannot cross: values are data only", null)]
    [InlineData("await new Promise(() => {})", 5, "Error", "the script waits for a promise that nothing can settle: no tool call is under way", null)]
    [InlineData("new Promise((_, no) => no(new Error('lost'))); return 1", 0, "Error", "lost", "    at script.js:1:27")]
    public void A_failure_has_name_message_and_the_users_line(string code, int kind, string name, string message, string? stack)
    {
        foreach (CodeKey key in s_comings)
        {
            using IScriptIsolate isolate = Take();

            ScriptStep step = isolate.Run(Job(code) with { Key = key });

            Assert.Equal(RunStatus.Error, step.Status);
            ScriptError error = ScriptError.Read(step.Body.ToArray());
            Assert.Equal((ScriptErrorKind)kind, error.Kind);
            Assert.Equal(name, error.Name);
            Assert.Equal(message, error.Message);
            if (stack is not null) Assert.StartsWith(stack, error.Stack?.TrimStart('\n'), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_run_made_of_its_functions_is_not_in_the_next()
    {
        const string Code =
            """
            function f() { return /x/g; }
            const tag = (strings) => strings;
            const text = () => tag`a${1}b`;
            const object = () => ({ list: [1, 2], inner: { n: 1 } });
            const seen = [f.count, f().lastIndex, text() === text(), object().list.length, object().inner.n, f.prototype.left, tag.name];
            f.count = 1; f().test('x'); f.prototype.left = 1; object().list.push(3); object().inner.n = 2; Object.defineProperty(tag, 'name', { value: 'left' });
            for (let i = 0; i < 2000; i++) f();
            return [seen.map(String), f.toString()];
            """;
        foreach (CodeKey key in s_comings.Append(new(1)))
        {
            using IScriptIsolate isolate = Take();

            Assert.Equal("[[\"undefined\",\"0\",\"true\",\"2\",\"1\",\"undefined\",\"tag\"],\"function f() { return /x/g; }\"]", Value(isolate.Run(Job(Code) with { Key = key })).ToJsonString());
        }
    }

    [Fact]
    public void Kept_programs_push_one_another_out_and_none_is_taken_for_another()
    {
        string large = string.Concat(Enumerable.Range(0, 20_000).Select((line) => $"const a{line} = () => {{ const b = {line}; return b + 'text {line}'; }};\n"));
        var resident = new List<long>();
        for (int round = 0; round < 6; round++)
        {
            for (int i = 1; i <= 100; i++)
            {
                using IScriptIsolate isolate = Take();
                Assert.Equal(i, Value(isolate.Run(Job($"const long = [{string.Join(',', Enumerable.Repeat(i, 2000))}]; return long[1999]") with { Key = new((UInt128)i) })).AsInt32());
            }

            // Larger than one may be.
            using IScriptIsolate other = Take();
            Assert.Equal("19999text 19999", Value(other.Run(Job(large + "return a19999()") with { Key = new(1000) })).AsString());
            resident.Add(Engine.ResidentBytes);
        }

        // The first rounds fill the cache and the allocator's lists. A large program that stayed would add 5 MB a round.
        Assert.True(resident[3..].Min() - resident[2] < 8L << 20, string.Join(", ", resident.Select((bytes) => $"{bytes >> 10} KB")));
    }

    [Fact]
    public void Globals_are_constants()
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("let refused = false; try { args = 1; } catch { refused = true; } return [args.x, refused]", new { args = new { x = 5 } }));

        Assert.Equal("[5,true]", Value(step).ToJsonString());
    }

    [Fact]
    public void Rows_like_and_unlike_the_last_one_arrive_as_they_were_sent()
    {
        for (int seed = 0; seed < TestSize.Of(100, 3000); seed++)
        {
            var tables = new TableMaker(seed);
            ScriptValue sent = ScriptValue.From(new Dictionary<string, object?> { ["first"] = tables.Table(), ["second"] = tables.Table(), ["last"] = tables.Table() });
            using IScriptIsolate isolate = Take();

            // Twice through the script's own hands: what a row's members are to a reader, they are to whoever copies or adds one.
            ScriptStep step = isolate.Run(Job("const copy = (v) => Array.isArray(v) ? v.map(copy) : v !== null && typeof v === 'object' ? { ...v } : v; return [{ first, second, last }, copy([first, second, last])]", sent));

            ScriptValue value = Value(step);
            if (!value[0].Equals(sent)) Assert.Fail($"seed {seed}: {sent} arrived as {value[0]}");
            Assert.Equal(ScriptValueCodec.Encode(value[1]), ScriptValueCodec.Encode(ScriptValue.From(new[] { value[0]["first"], value[0]["second"], value[0]["last"] })));
        }
    }

    [Fact]
    public void A_globals_own_name_is_no_name_of_its_members()
    {
        var globals = new Dictionary<string, object?> { ["x"] = new { x = 1, y = 2, z = 3 }, ["y"] = new { x = 4, y = 5, z = 6 }, ["b"] = new { x = 7, y = 8, b = 9 } };
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("return [x, y, b]", globals));

        Assert.Equal("[{\"x\":1,\"y\":2,\"z\":3},{\"x\":4,\"y\":5,\"z\":6},{\"x\":7,\"y\":8,\"b\":9}]", Value(step).ToJsonString());
    }

    [Fact]
    public void Nothing_survives_into_the_next_isolate()
    {
        using (IScriptIsolate first = Take())
        {
            ScriptStep step = first.Run(Job("globalThis.leak = 1; Array.prototype.leak = 1; JSON.leak = 1; Object.prototype.leak = 1; Symbol.for('leak'); /x(y)/.test('xy'); return 1"));
            Assert.Equal(RunStatus.Value, step.Status);
        }

        using IScriptIsolate second = Take();
        ScriptStep after = second.Run(Job("return [typeof leak, [].leak, JSON.leak, ({}).leak, RegExp.$1, Symbol.keyFor(Symbol.for('other'))].map(String)"));

        Assert.Equal("[\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"\",\"other\"]", Value(after).ToJsonString());
    }

    [Fact]
    public void A_tool_call_waits_for_its_answer()
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("const r = await callTool('find', { q: 'x' }); return r.n + 1"));
        Assert.Equal(RunStatus.Pending, step.Status);
        (uint id, string name, byte[] args) = Engine.ToolCalls[^1];
        Assert.Equal("find {\"q\":\"x\"}", $"{name} {Decoded(args).ToJsonString()}");
        step = isolate.Resolve(id, ScriptValueCodec.Encode(ScriptValue.From(new { n = 41 })));

        Assert.Equal(42, Value(step).AsInt32());
    }

    [Fact]
    public void A_reference_goes_back_as_its_id_and_loads_by_a_call()
    {
        using IScriptIsolate isolate = Take();
        var reference = new ScriptReference("00112233445566778899aabbccddeeff", 70_000, ScriptValueKind.Array, "[1,2…");

        isolate.Run(Job("const r = await callTool('a'); await callTool('b', { list: [r] }); const v = await r.load(); return [r.id, r.size, r.kind, r.preview, Object.isFrozen(r), v]"));
        isolate.Resolve(Engine.ToolCalls[^1].Id, ScriptValueCodec.Encode(ScriptValue.OfReference(reference)));
        byte[] given = Engine.ToolCalls[^1].Args;
        isolate.Resolve(Engine.ToolCalls[^1].Id, ScriptValueCodec.Encode(ScriptValue.Null));
        (uint id, string name, byte[] args) = Engine.ToolCalls[^1];
        ScriptStep step = isolate.Resolve(id, ScriptValueCodec.Encode(ScriptValue.From(7)));

        Assert.Equal("81A46C69737491D80400112233445566778899AABBCCDDEEFF", Convert.ToHexString(given));
        Assert.Equal("enclave:load 81A97265666572656E6365D80400112233445566778899AABBCCDDEEFF", $"{name} {Convert.ToHexString(args)}");
        Assert.Equal("[\"00112233445566778899aabbccddeeff\",70000,\"array\",\"[1,2…\",true,7]", Value(step).ToJsonString());
    }

    [Theory]
    [InlineData("C70004")]
    [InlineData("C7180400112233445566778899AABBCCDDEEFF0000000000011170")]
    [InlineData("C7190400112233445566778899AABBCCDDEEFF000000000001117004")]
    public void A_reference_that_is_none_is_no_value(string result)
    {
        using IScriptIsolate isolate = Take();

        isolate.Run(Job("try { return await callTool('a') } catch (e) { return e.name }"));
        ScriptStep step = isolate.Resolve(Engine.ToolCalls[^1].Id, Convert.FromHexString(result));

        Assert.Equal("RangeError", Value(step).AsString());
    }

    [Fact]
    public void A_failed_tool_can_be_caught()
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("try { await callTool('x') } catch (e) { return [e.name, e.message, e.code, e.tool, e instanceof Error] }"));
        Assert.Equal(RunStatus.Pending, step.Status);
        step = isolate.Reject(Engine.ToolCalls[^1].Id, Failure("Missing", "no such user", "E404"));

        Assert.Equal("[\"Missing\",\"no such user\",\"E404\",\"x\",true]", Value(step).ToJsonString());
    }

    [Fact]
    public void A_failed_tool_that_is_not_caught_is_a_tool_error_at_the_line_of_the_call()
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("const a = 1;\nawait callTool('x')"));
        Assert.Equal(RunStatus.Pending, step.Status);
        step = isolate.Reject(Engine.ToolCalls[^1].Id, Failure("Error", "down", null));

        ScriptError error = ScriptError.Read(step.Body.ToArray());
        Assert.Equal(ScriptErrorKind.Tool, error.Kind);
        Assert.Contains("script.js:2:7", error.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_whose_getters_log_and_call_tools_arrive_whole()
    {
        using IScriptIsolate isolate = Take();

        isolate.Run(Job("callTool('outer', { a: 'x'.repeat(100), get b() { console.log('y'.repeat(5000)); callTool('inner', { c: 1 }); return 2; }, d: [3] })"));

        Assert.Equal(["inner", "outer"], Engine.ToolCalls.Select((call) => call.Name));
        Assert.Equal($"{{\"a\":\"{new string('x', 100)}\",\"b\":2,\"d\":[3]}}", Decoded(Engine.ToolCalls[1].Args).ToJsonString());
    }

    [Fact]
    public void Console_lines_keep_level_order_and_form()
    {
        using IScriptIsolate isolate = Take();
        Engine.Console.Clear();

        isolate.Run(Job("console.log('a', 1, { b: [1, 'x'] }); console.error(new Map([[1, 2]])); console.warn('%s is %d', 'x', 5); console.debug(undefined, null, 5n)"));

        Assert.Equal(["0 a 1 { b: [ 1, \"x\" ] }", "3 Map(1) { 1 => 2 }", "2 x is 5", "4 undefined null 5n"], Engine.Console);
    }

    [Theory]
    [InlineData("return await parallel([1, 2, 3], async (x) => x * 2)", "[2,4,6]")]
    [InlineData("return await parallel([async () => 1, () => 2])", "[1,2]")]
    [InlineData("return await parallel([], (x) => x)", "[]")]
    [InlineData("let now = 0, most = 0; const f = async () => { most = Math.max(most, ++now); await null; now--; }; await parallel(Array(9).fill(f), { maxConcurrency: 3 }); return most", "3")]
    [InlineData("try { await parallel([1, 2], (x) => { throw new Error('no ' + x) }) } catch (e) { return e.message }", "\"no 1\"")]
    [InlineData("try { await parallel([() => 1, () => { throw new Error('x') }, async () => { throw new Error('y') }]) } catch (e) { return e.message }", "\"2 of 3 parallel operations failed: [1] x; [2] y\"")]
    [InlineData("try { await parallel(Array(101).fill(1), (x) => x) } catch (e) { return e.name }", "\"RangeError\"")]
    public void Parallel_takes_both_documented_shapes(string code, string json)
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job(code));

        Assert.Equal(RunStatus.Value, step.Status);
        Assert.Equal(json, Value(step).ToJsonString());
    }

    [Fact]
    public void A_termination_cannot_be_caught()
    {
        using IScriptIsolate isolate = Take();
        Engine.ConsoleAnswer = StopReason.Cancelled;

        ScriptStep step = isolate.Run(Job("for (;;) { try { console.log('x'); for (;;); } catch {} finally { continue; } }"));

        Assert.Equal(RunStatus.Stopped, step.Status);
        Assert.Equal(StopReason.Cancelled, step.Reason);
    }

    [Fact]
    public void Values_are_bounded_in_depth_members_and_bytes()
    {
        foreach (string code in (string[])["let a = []; for (let i = 0; i < 60; i++) a = [a]; return a", "return Array(200000).fill(1)", "return 'x'.repeat(2000000)"])
        {
            using IScriptIsolate isolate = Take();
            ScriptStep step = isolate.Run(Job(code));
            Assert.Equal(ScriptErrorKind.Output, ScriptError.Read(step.Body.ToArray()).Kind);
        }
    }

    [Fact]
    public void No_code_is_made_from_strings_and_no_engine_door_is_open()
    {
        using IScriptIsolate isolate = Take();

        ScriptStep step = isolate.Run(Job("""
            const tries = [() => eval('1'), () => new Function('1'), () => (async () => {}).constructor('1'), () => (function* () {}).constructor('1')];
            return tries.map((f) => { try { f(); return 'open'; } catch (e) { return e.name; } })
              .concat([typeof WebAssembly, typeof SharedArrayBuffer, typeof setTimeout, typeof fetch, typeof load, typeof read, typeof print, typeof gc]);
            """));

        Assert.Equal("[\"EvalError\",\"EvalError\",\"EvalError\",\"EvalError\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\"]", Value(step).ToJsonString());
    }

    [Fact]
    public void A_repeatable_run_has_the_randomness_of_its_seed_and_the_time_it_is_given()
    {
        using IScriptIsolate isolate = Take();
        ExecuteMessage job = Job("const before = [Math.random() * 2 ** 53, Math.random() * 2 ** 53, Date.now()]; await callTool('t'); return [...before, new Date().toISOString(), Math.random() < 1]") with
        {
            Origin = RunOrigin.Of(0, 1_700_000_000_123),
        };

        isolate.Run(job);
        isolate.SetTime(1_700_000_060_000);
        ScriptStep step = isolate.Resolve(1, [0xc0]);

        // The published outputs of SplitMix64 for the seed 0, without their lowest 11 bits.
        Assert.Equal($"[{0xe220a8397b1dcdaf >> 11},{0x6e789e6aa1b965f4 >> 11},1700000000123,\"2023-11-14T22:14:20.000Z\",true]", Value(step).ToJsonString());
    }

    [Fact]
    public void Any_other_run_keeps_the_machines_time_whatever_it_is_told()
    {
        using IScriptIsolate isolate = Take();

        isolate.Run(Job("await callTool('t'); return Date.now() > 1_600_000_000_000"));
        isolate.SetTime(5);
        ScriptStep step = isolate.Resolve(1, [0xc0]);

        Assert.Equal("true", Value(step).ToJsonString());
    }

    private protected IScriptIsolate Take() => Engine.Take(64 << 20);

    private protected static ScriptValue Value(ScriptStep step)
    {
        if (step.Status == RunStatus.Error) Assert.Fail(ScriptError.Read(step.Body.ToArray()).Message);
        Assert.Equal(RunStatus.Value, step.Status);
        return Decoded(step.Body.ToArray());
    }

    private static ScriptValue Decoded(byte[] encoded) => ScriptValueCodec.Decode(new ReadOnlySequence<byte>(encoded), ValueLimits.Widest);

    internal static ExecuteMessage Job(string code, object? globals = null) => new(
        1, Encoding.UTF8.GetBytes(code), "script.js"u8.ToArray(), null!, ScriptValueCodec.Encode(ScriptValue.From(globals ?? new Dictionary<string, object?>())));

    private static byte[] Failure(string name, string message, string? code)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(3);
        writer.WriteString(name);
        writer.WriteString(message);
        if (code is null) writer.WriteNil();
        else writer.WriteString(code);
        return buffer.WrittenSpan.ToArray();
    }
}
