using System.Text;
using System.Text.Json;
using Enclave.Guard.Scoring;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Tests.Scoring;

public sealed class FeatureTests
{
    [Theory]
    [InlineData("xs.map((x) => callTool('a', x))", 1)]
    [InlineData("xs['forEach'](async function (x) { await callTool('a', x) })", 1)]
    [InlineData("xs?.filter((x) => x).flatMap((x) => callTool('a', x))", 1)]
    [InlineData("Array.from({ length: 9 }, () => callTool('a'))", 1)]
    [InlineData("xs.reduce((sum, x) => callTool('a', x), 0)", 1)]
    [InlineData("xs.some((x) => x.every((y) => callTool('a', y)))", 2)]
    [InlineData("await parallel(xs.map((x) => () => callTool('a', x)))", 1)]
    [InlineData("await parallel([() => callTool('a'), () => callTool('b')])", 0)]
    [InlineData("const send = (x) => callTool('a', x); xs.map(send)", 1)]
    [InlineData("const send = (x) => callTool('a', x); for (const x of xs) send(x)", 1)]
    [InlineData("function send(x) { return callTool('a', x) } for (const x of xs) x.ys.forEach((y) => send(y))", 2)]
    [InlineData("const again = (x) => callTool('a', x).then(() => again(x)); again(1)", 1)]
    [InlineData("xs.forEach(callTool)", 1)]
    [InlineData("for (let i = 0; i < 9; i++) callTool('a')", 1)]
    [InlineData("for (const x of [callTool('a')]) x", 0)]
    [InlineData("retry(() => callTool('a'))", 0)]
    [InlineData("(async () => callTool('a'))()", 0)]
    public void Loops_and_callbacks_are_counted_around_calls(string code, int depth) => Assert.Equal(depth, Of(code).MaxLoopNesting);

    [Theory]
    [InlineData("const t = callTool; t('a')")]
    [InlineData("const t = callTool; const u = t; u('a')")]
    [InlineData("const { callTool: t } = globalThis; t('a')")]
    [InlineData("const { t } = { t: callTool }; t('a')")]
    [InlineData("const [t] = [callTool]; t('a')")]
    [InlineData("globalThis.callTool('a')")]
    [InlineData("__safe_callTool('a')")]
    [InlineData("callTool?.('a')")]
    [InlineData(@"c\u0061llTool('a')")]
    public void Other_names_of_the_tool_function_are_followed(string code) => Assert.Contains("a", Of(code).ToolSequence);

    [Theory]
    [InlineData("callTool.call(null, 'a')")]
    [InlineData("(0, callTool)('a')")]
    [InlineData("let t; t = callTool; t('a')")]
    [InlineData("run(callTool)")]
    public void The_tool_function_in_other_hands_may_call_anything(string code) => Assert.Contains(Of(code).ToolCalls, (call) => call.ToolName is null);

    [Theory]
    [InlineData("typeof callTool")]
    [InlineData("const o = { callTool: 1 }; o.callTool")]
    [InlineData("const t = callTool")]
    public void Mentioning_the_tool_function_calls_nothing(string code) => Assert.Empty(Of(code).ToolCalls);

    [Fact]
    public void A_local_function_of_that_name_is_none() => Assert.Empty(Of("const callTool = (x) => x; callTool('a'); ({ callTool: 1 })").ToolCalls);

    [Theory]
    [InlineData("const xs = await callTool('a'); for (const x of xs.items) callTool('b')", true)]
    [InlineData("const { items } = await callTool('a'); items.filter((i) => i.ok).map((i) => callTool('b', i))", true)]
    [InlineData("const load = () => callTool('a'); const xs = await load(); xs.map((x) => callTool('b'))", true)]
    [InlineData("const all = await Promise.all([callTool('a'), callTool('c')]); for (const x of all.flat()) callTool('b')", true)]
    [InlineData("const xs = await callTool('a'); for (const [k, v] of Object.entries(xs ?? [])) callTool('b')", true)]
    [InlineData("const xs = await callTool('a'); for (let i = 0; i < xs.length; i++) callTool('b')", true)]
    [InlineData("const xs = await callTool('a'); for (const x of [1, 2]) callTool('b')", false)]
    [InlineData("const xs = await callTool('a'); xs.map((x) => x.id); for (const y of [1]) callTool('b')", false)]
    public void Walking_a_tools_result_is_recognised(string code, bool expected) => Assert.Equal(expected, Of(code).IteratesOverToolResults);

    [Fact]
    public void Arguments_are_read_at_every_level_and_through_constants()
    {
        ToolCallFeatures call = Of("const page = { limit: 7 }; callTool('a', { q: 'x', page, deep: [{ n: -3 }], f: g({ k: 'y' }) })").ToolCalls.Single();
        Assert.Equal(["q", "page", "limit", "deep", "n", "f", "k"], call.ArgumentKeys);
        Assert.Equal(["x", "y"], call.StringLiterals);
        Assert.Equal([7, -3], call.NumericLiterals);
    }

    [Fact]
    public void Fan_out_is_the_sum_of_its_parts() =>
        Assert.Equal(15 + 10 + 3 + 15, Of(
            "for (const x of xs) callTool('a'); callTool('b:all'); callTool('c'); callTool('c'); callTool('c'); callTool('c')").FanOutRisk);

    [Theory]
    [InlineData("APIKeyV2", "api key v")]
    [InlineData("user_first-name", "user first name")]
    [InlineData("line1Of2", "line of")]
    [InlineData("ÜberGröße", "über größe")]
    [InlineData("", "")]
    public void Names_fall_into_words(string name, string words)
    {
        var found = new List<string>();
        var segments = new WordSegments(name, new char[WordSegments.Longest]);
        while (segments.MoveNext()) found.Add(segments.Current.ToString());
        Assert.Equal(words, string.Join(' ', found));
    }

    [Fact]
    public void The_body_for_others_is_bounded_and_valid_whatever_the_script()
    {
        string code = string.Concat(Enumerable.Repeat($"callTool('t', {{ k: '{new string('x', 300)}', h: '\\ud800' }});\n", 3_000));
        byte[] body = FeatureJson.Write(Of(code));
        Assert.InRange(body.Length, 1, 2 << 20);
        using JsonDocument json = JsonDocument.Parse(body);
        Assert.Equal("1.0", json.RootElement.GetProperty("version").GetString());
        JsonElement features = json.RootElement.GetProperty("features");
        Assert.Equal(["toolCalls", "patterns", "signals", "sensitive", "meta"], features.EnumerateObject().Select((field) => field.Name));
        Assert.Equal(3_000, features.GetProperty("patterns").GetProperty("totalToolCalls").GetInt32());
        Assert.Equal(FeatureJson.MaxToolCalls, features.GetProperty("toolCalls").GetArrayLength());
    }

    [Theory]
    [InlineData("callTool('a:list', { email: 1 });")]
    [InlineData("xs.map((x) => callTool('a', x));")]
    [InlineData("const q$ = 1;")]
    [InlineData("f().map(g).map(h);")]
    [InlineData("for (const x of a) callTool(x);")]
    [InlineData("const t$ = callTool;")]
    [InlineData("const f$ = () => f#();")]
    [InlineData("const v$ = v#.map(f); v$.map(() => callTool('a', { v$ }));")]
    [InlineData("const o$ = { a: 1, o: o# }; callTool('a', o$);")]
    public void Large_programs_are_scored(string piece)
    {
        var code = new StringBuilder();
        for (int i = 0; code.Length < 200_000; i++)
            code.Append(piece.Replace("$", $"{i}", StringComparison.Ordinal).Replace("#", $"{i + 1}", StringComparison.Ordinal)).Append('\n');
        Assert.True(RuleBasedScorer.Score(code.ToString()).IsScored);
    }

    [Theory]
    [InlineData("xs.map((x) => ", ")", 200)]
    [InlineData("callTool('a', ", ")", 400)]
    [InlineData("for (const x of y) ", "", 400)]
    [InlineData("a.map(f)", "", 100)]
    public void Deep_programs_are_scored(string open, string close, int depth)
    {
        string code = string.Concat(Enumerable.Repeat(open, depth)) + (close.Length > 0 ? "1" : ";") + string.Concat(Enumerable.Repeat(close, depth));
        if (open.StartsWith("a.", StringComparison.Ordinal)) code = "for (const x of a" + string.Concat(Enumerable.Repeat(".map(f)", 450)) + ") callTool('a')";
        Assert.True(RuleBasedScorer.Score(code).IsScored);
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(0)]
    public void A_value_is_not_hidden_by_values_that_are_read_before_it(int length)
    {
        string padding = $"const pad = ['{new string('x', 100_000)}'];\n" + string.Concat(Enumerable.Repeat("callTool('a', pad);\n", 30));
        string secret = $"const secret = {{ text: '{new string('y', length)}', password: 1, limit: 2000000 }};\n";

        ScriptFeatures features = Of($"{padding}{secret}callTool('b', secret)");

        Assert.Contains(features.SensitiveFields, (field) => field.Name == "password");
        Assert.Equal(2_000_000, features.MaxLimit);
    }

    [Fact]
    public void A_value_is_not_hidden_by_a_chain_of_names()
    {
        string chain = string.Concat(Enumerable.Range(1, 10_000).Select((i) => $"const v{i} = v{i - 1};\n"));

        Assert.Contains(Of($"const v0 = {{ password: 1 }};\n{chain}callTool('a', v10000)").SensitiveFields, (field) => field.Name == "password");
    }

    [Fact]
    public void A_value_that_many_calls_name_is_searched_for_words_once()
    {
        string properties = string.Concat(Enumerable.Range(0, 600).Select((i) => $"k{i}: 'token', "));
        string code = $"const o = {{ {properties}}};\n{string.Concat(Enumerable.Repeat("callTool('t', o);\n", 400))}";
        var request = new ScoreRequest(code);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ScriptFeatures? features = request.Features;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("token", Assert.Single(features!.SensitiveFields).Name);
        // The searches of 240,000 properties would take 65 MB.
        Assert.InRange(allocated, 0, 8_000_000);
    }

    [Fact]
    public void A_text_that_is_too_long_for_a_name_is_none_and_is_not_kept()
    {
        string code = $"const n = '{new string('x', 257)}';\n{string.Concat(Enumerable.Repeat("callTool(n);\n", 10))}";

        Assert.All(Of(code).ToolCalls, (call) => Assert.Null(call.ToolName));
    }

    [Fact]
    public void The_rules_have_the_limit_of_the_reading()
    {
        ScriptFeatures features = Of(string.Concat(Enumerable.Repeat("callTool('a');\n", 1_000)));
        int hours = 0;

        Assert.Throws<WorkLimitException>(
            () => FixedRules.Find(features, new WorkMeter(TimeSpan.Zero, () => TimeSpan.FromHours(++hours), CancellationToken.None)));
    }

    private static ScriptFeatures Of(string code)
    {
        var request = new ScoreRequest(code);
        Assert.True(request.Features is not null, request.Fault);
        return request.Features;
    }
}
