using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>Values and globals in both directions.</summary>
public abstract partial class JobContract
{
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
    [InlineData(
        "return JSON.parse('{\"__proto__\":1,\"constructor\":2,\"prototype\":3,\"x\":4}')", "{\"__proto__\":1,\"constructor\":2,\"prototype\":3,\"x\":4}")]
    [InlineData("return { get a() { return 7; } }", "{\"a\":7}")]
    [InlineData("return new Proxy([1, 2], {})", "[1,2]")]
    [InlineData("return new Proxy({ a: 1 }, {})", "{\"a\":1}")]
    [InlineData("return Object(5)", "5")]
    [InlineData("return '\\ud800'", "\"\\ud800\"")]
    [InlineData("return '\\u00e9\\u20ac\\ud83d\\ude00'", "\"é€\\uD83D\\uDE00\"")]
    public void A_program_has_a_value(string code, string json)
    {
        foreach (CodeKey key in s_comings) Assert.Equal(json, Run(code, key: key).Json);
    }

    [Fact]
    public void Globals_are_constants() =>
        Assert.Equal(
            "[5,true]", Run("let refused = false; try { args = 1; } catch { refused = true; } return [args.x, refused]", new { args = new { x = 5 } }).Json);

    [Fact]
    public void Rows_like_and_unlike_the_last_one_arrive_as_they_were_sent()
    {
        for (int seed = 0; seed < TestSize.Of(100, 3000); seed++)
        {
            var tables = new TableMaker(seed);
            ScriptValue sent = ScriptValue.From(
                new Dictionary<string, object?> { ["first"] = tables.Table(), ["second"] = tables.Table(), ["last"] = tables.Table() });

            // Twice through the script: members of a row read the same for code that copies it or adds to it.
            ScriptValue value = Run("const copy = (v) => Array.isArray(v) ? v.map(copy) : v !== null && typeof v === 'object' ? { ...v } : v; " +
                "return [{ first, second, last }, copy([first, second, last])]", sent).Value;

            if (!value[0].Equals(sent)) Assert.Fail($"seed {seed}: {sent} arrived as {value[0]}");
            Assert.Equal(ScriptValueCodec.Encode(value[1]), ScriptValueCodec.Encode(
                ScriptValue.From(new[] { value[0]["first"], value[0]["second"], value[0]["last"] })));
        }
    }

    [Fact]
    public void A_globals_own_name_is_no_name_of_its_members()
    {
        var globals = new Dictionary<string, object?>
        {
            ["x"] = new { x = 1, y = 2, z = 3 },
            ["y"] = new { x = 4, y = 5, z = 6 },
            ["b"] = new { x = 7, y = 8, b = 9 },
        };

        Assert.Equal("[{\"x\":1,\"y\":2,\"z\":3},{\"x\":4,\"y\":5,\"z\":6},{\"x\":7,\"y\":8,\"b\":9}]", Run("return [x, y, b]", globals).Json);
    }

    [Theory]
    [InlineData("let a = []; for (let i = 0; i < 60; i++) a = [a]; return a")]
    [InlineData("return Array(200000).fill(1)")]
    [InlineData("return 'x'.repeat(2000000)")]
    public void Values_are_bounded_in_depth_members_and_bytes(string code) => Assert.Equal(ScriptErrorKind.Output, Run(code).Error.Kind);
}
