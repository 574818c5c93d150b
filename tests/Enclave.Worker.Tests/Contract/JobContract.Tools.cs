using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Tests;

/// <summary>Tools, console lines and concurrency.</summary>
public abstract partial class JobContract
{
    [Fact]
    public void A_tool_call_waits_for_its_answer()
    {
        JobAnswer answer = Run("const r = await callTool('find', { q: 'x' }); return r.n + 1", tools: _ => ToolReply.Value(new { n = 41 }));

        CalledTool call = Assert.Single(answer.Calls);
        Assert.Equal("1 find {\"q\":\"x\"}", $"{call.Id} {call.Name} {JobAnswer.Decode(call.Args).ToJsonString()}");
        Assert.Equal(42, answer.Value.AsInt32());
    }

    [Fact]
    public void A_reference_goes_back_as_its_id_and_loads_by_a_call()
    {
        var reference = new ScriptReference("00112233445566778899aabbccddeeff", 70_000, ScriptValueKind.Array, "[1,2…");
        ScriptValue[] answers = [ScriptValue.OfReference(reference), ScriptValue.Null, ScriptValue.From(7)];

        JobAnswer answer = Run(
            "const r = await callTool('a'); await callTool('b', { list: [r] }); const v = await r.load(); return [r.id, r.size, r.kind, r.preview, " +
            "Object.isFrozen(r), v]",
            tools: (call) => ToolReply.Encoded(ScriptValueCodec.Encode(answers[call.Id - 1])));

        Assert.Equal("2 b 81A46C69737491D80400112233445566778899AABBCCDDEEFF", answer.Calls[1].ToString());
        Assert.Equal("3 enclave:load 81A97265666572656E6365D80400112233445566778899AABBCCDDEEFF", answer.Calls[2].ToString());
        Assert.Equal("[\"00112233445566778899aabbccddeeff\",70000,\"array\",\"[1,2…\",true,7]", answer.Json);
    }

    [Theory]
    [InlineData("C70004")]
    [InlineData("C7180400112233445566778899AABBCCDDEEFF0000000000011170")]
    [InlineData("C7190400112233445566778899AABBCCDDEEFF000000000001117004")]
    public void A_reference_that_is_none_is_no_value(string result) => Assert.Equal(
        "RangeError", Run("try { return await callTool('a') } catch (e) { return e.name }", tools: _ =>
            ToolReply.Encoded(Convert.FromHexString(result))).Value.AsString());

    [Fact]
    public void A_failed_tool_can_be_caught() => Assert.Equal(
        "[\"Missing\",\"no such user\",\"E404\",\"x\",true]",
        Run("try { await callTool('x') } catch (e) { return [e.name, e.message, e.code, e.tool, e instanceof Error] }", tools: _ =>
            ToolReply.Error("Missing", "no such user", "E404")).Json);

    [Fact]
    public void A_failed_tool_that_is_not_caught_is_a_tool_error_at_the_line_of_the_call()
    {
        ScriptError error = Run("const a = 1;\nawait callTool('x')", tools: _ => ToolReply.Error("Error", "down", null)).Error;

        Assert.Equal(ScriptErrorKind.Tool, error.Kind);
        Assert.Contains("script.js:2:7", error.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_whose_getters_log_and_call_tools_arrive_whole()
    {
        JobAnswer answer = Run(
            "callTool('outer', { a: 'x'.repeat(100), get b() { console.log('y'.repeat(5000)); callTool('inner', { c: 1 }); return 2; }, d: [3] })");

        Assert.Equal(["inner", "outer"], answer.Calls.Select((call) => call.Name));
        Assert.Equal($"{{\"a\":\"{new string('x', 100)}\",\"b\":2,\"d\":[3]}}", JobAnswer.Decode(answer.Calls[1].Args).ToJsonString());
    }

    [Fact]
    public void Console_lines_keep_level_order_and_form() => Assert.Equal(
        ["0 a 1 { b: [ 1, \"x\" ] }", "3 Map(1) { 1 => 2 }", "2 x is 5", "4 undefined null 5n"],
        Run("console.log('a', 1, { b: [1, 'x'] }); console.error(new Map([[1, 2]])); console.warn('%s is %d', 'x', 5); console.debug(undefined, null, " +
        "5n)").Console);

    [Theory]
    [InlineData("return await parallel([1, 2, 3], async (x) => x * 2)", "[2,4,6]")]
    [InlineData("return await parallel([async () => 1, () => 2])", "[1,2]")]
    [InlineData("return await parallel([], (x) => x)", "[]")]
    [InlineData("let now = 0, most = 0; const f = async () => { most = Math.max(most, ++now); await null; now--; }; await parallel(Array(9).fill(f), " +
        "{ maxConcurrency: 3 }); return most", "3")]
    [InlineData("try { await parallel([1, 2], (x) => { throw new Error('no ' + x) }) } catch (e) { return e.message }", "\"no 1\"")]
    [InlineData("try { await parallel([() => 1, () => { throw new Error('x') }, async () => { throw new Error('y') }]) } catch (e) { return e.message }",
        "\"2 of 3 parallel operations failed: [1] x; [2] y\"")]
    [InlineData("try { await parallel(Array(101).fill(1), (x) => x) } catch (e) { return e.name }", "\"RangeError\"")]
    public void Parallel_takes_both_documented_shapes(string code, string json) => Assert.Equal(json, Run(code).Json);

    [Fact]
    public void A_repeatable_run_has_the_randomness_of_its_seed_and_the_time_it_is_given()
    {
        JobAnswer answer = Worker.Run(
            new ScriptJob("const before = [Math.random() * 2 ** 53, Math.random() * 2 ** 53, Date.now()]; await callTool('t'); return [...before, " +
            "new Date().toISOString(), Math.random() < 1]")
            { Origin = RunOrigin.Of(0, 1_700_000_000_123) },
            _ => ToolReply.Value(null) with { Milliseconds = 1_700_000_060_000 });

        // The published outputs of SplitMix64 for the seed 0, without their lowest 11 bits.
        Assert.Equal($"[{0xe220a8397b1dcdaf >> 11},{0x6e789e6aa1b965f4 >> 11},1700000000123,\"2023-11-14T22:14:20.000Z\",true]", answer.Json);
    }

    [Fact]
    public void Any_other_run_keeps_the_machines_time_whatever_it_is_told() => Assert.Equal(
        "true", Run("await callTool('t'); return Date.now() > 1_600_000_000_000", tools: _ => ToolReply.Value(null) with { Milliseconds = 5 }).Json);
}
