using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>The events of a session, as a peer receives them.</summary>
public sealed class SessionEventTests(RuntimeFixture fixture) : IClassFixture<RuntimeFixture>
{
    private readonly RuntimeWorker _runtime = fixture.Runtime;

    [Fact]
    public async Task Events_come_in_the_order_of_the_wire_and_are_numbered_from_one()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);

        await peer.SendAsync(TestRuntime.Execute("s_order", "console.log('a'); console.warn('b\\nc'); const r = await callTool('x:a', { n: 1 }); return r.n"));
        var events = new List<JsonElement>();
        while (events.Count == 0 || events[^1].Type() != "final")
        {
            events.Add(await peer.NextAsync("s_order"));
            if (events[^1].Type() != "tool_call") continue;
            string id = events[^1].Payload().Text("callId");
            Assert.StartsWith(StreamProtocol.CallPrefix, id, StringComparison.Ordinal);
            Assert.Equal("{\"n\":1}", events[^1].Payload().GetProperty("args").GetRawText());
            await peer.SendAsync($$"""{"type":"tool_result","sessionId":"s_order","callId":"{{id}}","success":true,"value":{"n":7} }""");
        }

        Assert.Equal(["session_init", "stdout", "stdout", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], events.Types());
        Assert.Equal(Enumerable.Range(1, 8), events.Select((e) => e.GetProperty("seq").GetInt32()));
        Assert.All(events, (e) => Assert.Equal((2, "s_order"), (e.GetProperty("protocolVersion").GetInt32(), e.Text("sessionId"))));
        Assert.Equal(["a\n", "b\nc\n"], events.Where((e) => e.Type() == "stdout").Select((e) => e.Payload().Text("chunk")));
        Assert.Equal(["connecting", "processing"], events.Where((e) => e.Type() == "tool_progress").Select((e) => e.Payload().Text("phase")));
        JsonElement final = events[^1].Payload();
        Assert.Equal((true, 7, 1, 6), (final.GetProperty("ok").GetBoolean(), final.GetProperty("result").GetInt32(),
            final.GetProperty("stats").GetProperty("toolCallCount").GetInt32(), final.GetProperty("stats").GetProperty("stdoutBytes").GetInt32()));
        Assert.All(events, (e) => Assert.True(EventReader.TryRead(e, EventTolerance.Exact, out _, out string? problem), $"{e}: {problem}"));
    }

    [Theory]
    [InlineData("return undefined", null)]
    [InlineData("return null", "null")]
    [InlineData("return [NaN, 1 / 0, undefined, 1e21]", "[null,null,null,1e+21]")]
    [InlineData("return { big: 12345678901234567890n, gone: undefined }", "{\"big\":\"12345678901234567890\"}")]
    [InlineData("return new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    public async Task Values_are_as_the_wire_has_them(string code, string? expected)
    {
        JsonElement[] events = await RunAsync("s_value", code);

        JsonElement final = events[^1].Payload();
        Assert.True(final.GetProperty("ok").GetBoolean(), final.ToString());
        Assert.Equal(
            expected, final.TryGetProperty("result", out JsonElement result) ? result.GetRawText().Replace("1E+21", "1e+21", StringComparison.Ordinal) : null);
    }

    [Fact]
    public async Task Half_a_character_does_not_end_a_session()
    {
        JsonElement[] events = await RunAsync(
            "s_half", "const half = '\\uD83D\\uDE00'.slice(0, 1); console.log(half); return { [half]: half, whole: '\\uD83D\\uDE00' }");

        JsonElement result = events[^1].Payload().GetProperty("result");
        Assert.Equal(("\ufffd", "\U0001f600"), (result.Text("\ufffd"), result.Text("whole")));
    }

    [Theory]
    [InlineData("const nothing = null; return nothing.x", "RUNTIME_ERROR")]
    [InlineData("eval('1')", "VALIDATION_ERROR")]
    [InlineData("return (", "VALIDATION_ERROR")]
    [InlineData("for (let i = 0; i < 1e9; i++) {}", "MAX_ITERATIONS")]
    public async Task Failures_have_the_documented_codes(string code, string expected)
    {
        JsonElement[] events = await RunAsync("s_fail", code);

        Assert.Equal(["session_init", "final"], events.Types());
        Assert.Equal(expected, events[^1].Code());
    }

    [Fact]
    public async Task A_tools_failure_throws_and_its_own_code_is_kept()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync(
            TestRuntime.Execute("s_tool", "try { await callTool('a', {}) } catch (e) { console.log(e.name, e.code, e.message) } await callTool('b', {})"));
        foreach (string code in new[] { "FIRST", "SECOND" })
        {
            string id = (await peer.NextAsync("s_tool", "tool_call", "session_init", "tool_progress", "tool_result_applied", "stdout"))
                .Payload().Text("callId");
            await peer.SendAsync(
                $$"""{"type":"tool_result","sessionId":"s_tool","callId":"{{id}}","success":false,"error":{"code":"{{code}}","message":"it broke"} }""");
        }

        JsonElement final = (await peer.NextAsync("s_tool", "final", "tool_progress", "tool_result_applied", "stdout")).Payload();

        Assert.Contains(peer.All, (e) => e.Type() == "stdout" && e.Payload().Text("chunk") == "Error FIRST it broke\n");
        Assert.Equal("TOOL_ERROR", final.GetProperty("error").Text("code"));
        JsonElement error = Assert.Single(final.GetProperty("errors").EnumerateArray());
        Assert.Equal(("SECOND", "it broke"), (error.Text("code"), error.Text("message")));
    }

    [Theory]
    [InlineData("""{"type":"tool_result","sessionId":"SESSION","callId":"CALL","success":true,"value":{"n":1},"result":{"n":1}}""")]
    [InlineData("""{"type":"tool_result","sessionId":"SESSION","callId":"CALL","result":{"n":1}}""")]
    [InlineData("""{"type":"tool_result","callId":"CALL","result":{"n":1}}""")]
    [InlineData("""{"type":"tool_result","id":"CALL","data":{"n":1}}""")]
    [InlineData("""{"id":"CALL","data":{"n":1}}""")]
    [InlineData("""{"protocolVersion":2,"sessionId":"SESSION","type":"tool_result_submit","payload":{"callId":"CALL","ok":true,"result":{"n":1}}}""")]
    public async Task Every_form_of_an_answer_is_taken(string form)
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        // Another session of the same peer: its first call must not get this answer.
        await peer.SendAsync(TestRuntime.Execute("s_other", "return (await callTool('x', {})).other"));
        await peer.NextAsync("s_other", "tool_call", "session_init");
        await peer.SendAsync(TestRuntime.Execute("s_form", "return (await callTool('x', {})).n"));
        string id = (await peer.NextAsync("s_form", "tool_call", "session_init")).Payload().Text("callId");

        await peer.SendAsync(form.Replace("CALL", id, StringComparison.Ordinal).Replace("SESSION", "s_form", StringComparison.Ordinal));

        Assert.Equal(1, (await peer.NextAsync("s_form", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetInt32());
        Assert.DoesNotContain(peer.All, (e) => e.Text("sessionId") == "s_other" && e.Type() == "tool_result_applied");
        await peer.CloseAsync();
        await TestRuntime.BecomesIdle(_runtime);
    }

    [Fact]
    public async Task An_answer_is_taken_once_and_only_for_a_call_that_waits()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync("""{"type":"tool_result","sessionId":"s_nobody","callId":"c_1","success":true,"value":1}""");
        await peer.SendAsync(TestRuntime.Execute("s_once", "const a = await callTool('a', {}); const b = await callTool('b', {}); return [a, b]"));
        string first = (await peer.NextAsync("s_once", "tool_call", "session_init")).Payload().Text("callId");
        foreach (string value in new[] { "1", "2" }) await peer.SendAsync(Result("s_once", first, value));
        await peer.SendAsync(Result("s_once", "c_none", "3"));
        string second = (await peer.NextAsync("s_once", "tool_call", "tool_progress", "tool_result_applied")).Payload().Text("callId");
        await peer.SendAsync(Result("s_once", first, "4"));
        await peer.SendAsync(Result("s_once", second, "5"));

        Assert.Equal("[1,5]", (await peer.NextAsync("s_once", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetRawText());

        await peer.SendAsync(Result("s_once", second, "6"));
        await PongAsync(peer);
    }

    [Fact]
    public async Task An_answer_that_no_script_can_take_fails_its_call()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync(TestRuntime.Execute("s_deep", "try { await callTool('a', {}) } catch (e) { return [e.name, e.code] }"));
        string id = (await peer.NextAsync("s_deep", "tool_call", "session_init")).Payload().Text("callId");

        await peer.SendAsync(Result("s_deep", id, new string('[', 200) + new string(']', 200)));

        Assert.Equal("[\"TypeError\",\"TOOL_RESULT_INVALID\"]",
            (await peer.NextAsync("s_deep", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task Arguments_that_had_no_room_in_their_event_are_told_all_the_same()
    {
        // The host drops the arguments of an event that is larger than half of its buffer; the wire must still have them.
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);

        await peer.SendAsync(TestRuntime.Execute(
            "s_large", "const part = 'x'.repeat(100000); let text = ''; for (let i = 0; i < 30; i++) text += part; await callTool('a', { text })"));
        JsonElement call = await peer.NextAsync("s_large", "tool_call", "session_init");

        Assert.Equal(3_000_000, call.Payload().GetProperty("args").Text("text").Length);
    }

    [Fact]
    public async Task Two_sessions_share_a_connection()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        foreach (string id in new[] { "s_one", "s_two" }) await peer.SendAsync(TestRuntime.Execute(id, "return await callTool('x', {})"));
        foreach (string id in new[] { "s_two", "s_one" })
            await peer.SendAsync(Result(id, (await peer.NextAsync(id, "tool_call", "session_init")).Payload().Text("callId"), $"\"{id}\""));

        foreach (string id in new[] { "s_one", "s_two" })
            Assert.Equal(id, (await peer.NextAsync(id, "final", "tool_progress", "tool_result_applied")).Payload().Text("result"));
    }

    [Fact]
    public async Task Nobody_reaches_the_session_of_another_peer()
    {
        await using TestPeer owner = await TestPeer.ConnectAsync(_runtime), stranger = await TestPeer.ConnectAsync(_runtime);
        await owner.SendAsync(TestRuntime.Execute("s_mine", "return await callTool('x', {})"));
        string id = (await owner.NextAsync("s_mine", "tool_call", "session_init")).Payload().Text("callId");

        await stranger.SendAsync(Result("s_mine", id, "\"stranger\""));
        await stranger.SendAsync($$"""{"type":"tool_result","callId":"{{id}}","result":"stranger"}""");
        await stranger.SendAsync("""{"type":"cancel","sessionId":"s_mine"}""");
        await PongAsync(stranger);
        await owner.SendAsync(Result("s_mine", id, "\"owner\""));

        Assert.Equal("owner", (await owner.NextAsync("s_mine", "final", "tool_progress", "tool_result_applied")).Payload().Text("result"));
    }

    [Fact]
    public async Task A_name_that_runs_already_is_refused_and_free_again_afterwards()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime), other = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync(TestRuntime.Execute("s_twice", "return await callTool('x', {})"));
        string id = (await peer.NextAsync("s_twice", "tool_call", "session_init")).Payload().Text("callId");

        await other.SendAsync(TestRuntime.Execute("s_twice", "return 1"));
        JsonElement[] refused = await other.ToEndAsync("s_twice");

        Assert.Equal(["error", "final"], refused.Types());
        Assert.All(refused, (e) => Assert.Equal("SESSION_EXISTS", e.Code()));
        Assert.False(refused[0].Payload().GetProperty("recoverable").GetBoolean());
        await peer.SendAsync(Result("s_twice", id, "2"));
        Assert.Equal(2, (await peer.NextAsync("s_twice", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetInt32());
        // At once: the slot is free before the last event is sent.
        await peer.SendAsync(TestRuntime.Execute("s_twice", "return 3"));
        Assert.Equal(3, (await peer.NextAsync("s_twice", "final", "session_init")).Payload().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_cancel_is_told_with_its_reason()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync(TestRuntime.Execute("s_cancel", "await callTool('x', {})"));
        await peer.NextAsync("s_cancel", "tool_call", "session_init");

        await peer.SendAsync("""{"type":"cancel","sessionId":"s_cancel","reason":"the user left"}""");
        JsonElement error = await peer.NextAsync("s_cancel", "error", "tool_progress"), final = await peer.NextAsync("s_cancel");

        Assert.Equal(("SESSION_CANCELLED", "the user left"), (error.Code(), error.Payload().Text("message")));
        Assert.Equal(("final", "SESSION_CANCELLED", "the user left"), (final.Type(), final.Code(), final.Payload().GetProperty("error").Text("message")));
        await peer.SendAsync("""{"type":"cancel","sessionId":"s_cancel"}""");
        await PongAsync(peer);
    }

    [Fact]
    public async Task A_cancel_right_after_the_execute_finds_its_session()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);

        for (int i = 0; i < 20; i++)
        {
            string id = $"s_early{i}";
            await peer.SendAsync(TestRuntime.Execute(id, "await callTool('x', {})"));
            await peer.SendAsync($$"""{"type":"cancel","sessionId":"{{id}}"}""");
            JsonElement[] events = await peer.ToEndAsync(id);
            Assert.Equal("SESSION_CANCELLED", events[^1].Code());
            Assert.Equal("error", events[^2].Type());
        }
    }

    [Fact]
    public async Task A_text_that_is_no_message_is_passed_over()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        foreach (string text in new[]
        {
            "", "not json", "[]", "null", "{}", "{\"type\":7}", "{\"type\":\"execute\"}",
                "{\"type\":\"execute\",\"code\":7}", "{\"type\":\"execute\",\"code\":\"x\",\"sessionId\":\"\"}", "{\"type\":\"cancel\"}",
            "{\"type\":\"tool_result\"}", "{\"type\":\"tool_result\",\"callId\":7}",
            "{\"\\ud800\":1,\"type\":\"what\"}", new string('[', 5000), "{\"type\":\"execute\",\"code\":\"x\",\"sessionId\":\"" + new string('s', 257) + "\"}",
        })
        {
            await peer.SendAsync(text);
        }

        await PongAsync(peer);
        Assert.Equal("pong", Assert.Single(peer.All).Type());
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_own_time_and_ours()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);

        await peer.SendAsync("""{"type":"ping","timestamp":1700000000000}""");
        await peer.SendAsync("""{"type":"ping"}""");
        JsonElement first = await peer.NextAsync(""), second = await peer.NextAsync("");

        Assert.Equal(1_700_000_000_000, first.GetProperty("timestamp").GetInt64());
        Assert.InRange(first.GetProperty("serverTime").GetInt64(), 1_700_000_000_001, long.MaxValue);
        Assert.Equal(second.GetProperty("serverTime").GetInt64(), second.GetProperty("timestamp").GetInt64());
    }

    [Theory]
    [InlineData("ses_documented")]
    [InlineData("any name, \\\"quoted\\\" \\u001b")]
    public async Task A_peers_own_name_of_a_session_is_kept(string id)
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);

        await peer.SendAsync($$"""{"type":"start","sessionId":"{{id}}","code":"return 1"}""");

        await Within.Becomes(() => peer.All.Any((e) => e.Type() == "final"), "the session had ended");
        string expected = JsonDocument.Parse($"\"{id}\"").RootElement.GetString()!;
        Assert.All(peer.All, (e) => Assert.Equal(expected, e.Text("sessionId")));
    }

    private async Task<JsonElement[]> RunAsync(string id, string code)
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(_runtime);
        await peer.SendAsync(TestRuntime.Execute(id, code));
        return await peer.ToEndAsync(id);
    }

    /// <summary>Waits until everything sent before has been read.</summary>
    private static async Task PongAsync(TestPeer peer)
    {
        await peer.SendAsync("""{"type":"ping","timestamp":1}""");
        await peer.NextAsync("", "pong");
    }

    private static string Result(string session, string call, string value) =>
        $$"""{"type":"tool_result","sessionId":"{{session}}","callId":"{{call}}","success":true,"value":{{value}}}""";
}
