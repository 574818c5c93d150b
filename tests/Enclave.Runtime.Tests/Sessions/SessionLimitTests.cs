using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>Limits that a peer asks for hold, under each of their names.</summary>
public sealed class SessionLimitTests(RuntimeFixture fixture) : IClassFixture<RuntimeFixture>
{
    [Theory]
    [InlineData("""{"sessionTtlMs":300}""", "await callTool('x', {})", "TIMEOUT")]
    [InlineData("""{"timeout":300}""", "await callTool('x', {})", "TIMEOUT")]
    [InlineData("""{"maxExecutionMs":300}""", "await callTool('x', {})", "TIMEOUT")]
    [InlineData("""{"maxToolCalls":1}""", "const first = callTool('x', {}); await callTool('y', {}); await first", "MAX_TOOL_CALLS")]
    [InlineData("""{"maxStdoutBytes":5}""", "console.log('0123456789')", "OUTPUT_LIMIT")]
    [InlineData("""{"maxConsoleBytes":5}""", "console.log('0123456789')", "OUTPUT_LIMIT")]
    [InlineData("""{"toolTimeoutMs":200}""", "await callTool('x', {})", "TOOL_ERROR")]
    [InlineData("""{"perToolDeadlineMs":200,"toolTimeoutMs":60000}""", "await callTool('x', {})", "TOOL_ERROR")]
    [InlineData("""{"memoryLimit":8388608}""",
        "const a = []; for (let i = 0; i < 4000; i++) a.push('x'.repeat(10000) + i); return a.map((s) => s.toUpperCase()).length", "MEMORY_LIMIT_EXCEEDED")]
    public async Task A_limit_ends_what_is_above_it(string limits, string code, string expected)
    {
        JsonElement[] events = await RunAsync("s_limit", code, limits);

        Assert.Equal(expected, events[^1].Code());
    }

    [Fact]
    public async Task A_deadline_is_told_and_then_the_end()
    {
        JsonElement[] events = await RunAsync("s_deadline", "await callTool('x', {})", """{"deadlineMs":300}""");

        Assert.Equal(["deadline_exceeded", "final"], events[^2..].Types());
        Assert.Equal((300, true), (events[^2].Payload().GetProperty("budgetMs").GetInt32(), events[^2].Payload().GetProperty("elapsedMs").GetDouble() >= 300));
        Assert.Equal(("DEADLINE_EXCEEDED", "Deadline exceeded"), (events[^1].Code(), events[^1].Payload().GetProperty("error").Text("message")));
    }

    [Fact]
    public async Task After_a_failed_call_the_next_one_fails_if_that_was_asked_for()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(fixture.Runtime);
        await peer.SendAsync(Execute("s_first", "try { await callTool('a', {}) } catch { } await callTool('b', {})", """{"cancelOnFirstError":true}"""));
        string id = (await peer.NextAsync("s_first", "tool_call", "session_init")).Payload().Text("callId");

        await peer.SendAsync($$"""{"type":"tool_result","sessionId":"s_first","callId":"{{id}}","success":false,"error":{"message":"no"} }""");
        JsonElement final = await peer.NextAsync("s_first", "final", "tool_progress", "tool_result_applied", "error");

        Assert.Equal(("SESSION_CANCELLED", "Session cancelled"), (final.Code(), final.Payload().GetProperty("error").Text("message")));
        Assert.Single(peer.All, (e) => e.Type() == "tool_call");
    }

    [Fact]
    public async Task A_script_may_catch_that_and_give_what_it_has()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(fixture.Runtime);
        await peer.SendAsync(Execute("s_caught", "const said = []; try { await callTool('a', {}) } catch (e) { said.push(e.message, e.code) } for (let i = " +
            "0; i < 2; i++) try { await callTool('b', {}) } catch (e) { said.push(e.message, e.code) } return said", """{"cancelOnFirstError":true}"""));
        string id = (await peer.NextAsync("s_caught", "tool_call", "session_init")).Payload().Text("callId");

        await peer.SendAsync($$"""{"type":"tool_result","sessionId":"s_caught","callId":"{{id}}","success":false,"error":{"message":"no","code":"NO"} }""");
        JsonElement final = await peer.NextAsync("s_caught", "final", "tool_progress", "tool_result_applied");

        Assert.Equal("""["no","NO","Session cancelled","SESSION_CANCELLED","Session cancelled","SESSION_CANCELLED"]""",
            final.Payload().GetProperty("result").GetRawText());
        Assert.Single(peer.All, (e) => e.Type() == "tool_result_applied");
    }

    [Fact]
    public async Task Heartbeats_come_as_often_as_was_asked_for()
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(fixture.Runtime);

        await peer.SendAsync(Execute("s_beat", "await callTool('a', {})", """{"heartbeatIntervalMs":100}"""));

        JsonElement first = await peer.NextAsync("s_beat", "heartbeat", "session_init", "tool_call", "tool_progress"), second = await peer.NextAsync(
            "s_beat", "heartbeat", "tool_call", "tool_progress");
        Assert.True(first.Payload().GetProperty("ts").GetDateTimeOffset() < second.Payload().GetProperty("ts").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("""{"maxToolCalls":0}""", "limits.maxToolCalls must be a whole number above 0")]
    [InlineData("""{"maxToolCalls":"5"}""", "limits.maxToolCalls must be a whole number above 0")]
    [InlineData("""{"timeout":1.5}""", "limits.timeout must be a whole number above 0")]
    [InlineData("""{"deadlineMs":-1}""", "limits.deadlineMs must be a whole number, 0 or above")]
    [InlineData("""{"cancelOnFirstError":1}""", "limits.cancelOnFirstError must be true or false")]
    [InlineData("""{"memoryLimit":1000}""", "limits.memoryLimit must be at least 8388608 bytes (8 MB)")]
    [InlineData("7", "limits must be an object")]
    public async Task A_limit_that_is_none_is_refused_by_its_name(string limits, string message)
    {
        JsonElement[] events = await RunAsync("s_wrong", "return 1", limits);

        Assert.Equal(["error", "final"], events.Types());
        Assert.Equal(("INVALID_REQUEST", message), (events[^1].Code(), events[^1].Payload().GetProperty("error").Text("message")));
    }

    [Fact]
    public async Task Limits_above_what_a_host_can_give_are_lowered()
    {
        const string Huge = """{"sessionTtlMs":9007199254740991,"timeout":9007199254740991,"memoryLimit":9007199254740991,"maxToolCalls":9007199254740991""" +
            ""","maxStdoutBytes":9007199254740991,"maxToolResultBytes":9007199254740991,"toolTimeoutMs":9007199254740991""" +
            ""","heartbeatIntervalMs":9007199254740991,"deadlineMs":9007199254740991}""";

        JsonElement[] events = await RunAsync("s_huge", "return 1", Huge);

        Assert.Equal(1, events[^1].Payload().GetProperty("result").GetInt32());
    }

    [Fact]
    public void Both_sets_of_names_are_read_and_one_is_written()
    {
        using JsonDocument json = JsonDocument.Parse("""{"timeout":5,"memoryLimit":1,"maxToolCalls":3,"maxConsoleBytes":9,"maxStdoutBytes":8""" +
            ""","maxExecutionMs":70,"sessionTtlMs":80,"other":"x","cancelOnFirstError":false}""");
        Assert.True(SessionLimits.TryRead(json.RootElement, out SessionLimits? limits, out string problem), problem);

        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output)) limits.WriteTo(writer);

        Assert.Equal("""{"sessionTtlMs":70,"maxToolCalls":3,"maxStdoutBytes":8,"cancelOnFirstError":false,"timeout":5,"memoryLimit":1}""",
            System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Requested_limits_hold_against_the_defaults()
    {
        var defaults = new SessionLimits { TimeoutMs = 30_000, MaxToolCalls = 100, MemoryLimit = 5 };

        Assert.Equal(
            new SessionLimits { TimeoutMs = 1, MaxToolCalls = 100, MemoryLimit = 6 },
            new SessionLimits { TimeoutMs = 1, MemoryLimit = 6 }.WithDefaults(defaults));
        // A requested lifetime is not shortened by a default timeout.
        Assert.Equal(
            new SessionLimits { SessionTtlMs = 120_000, MaxToolCalls = 100, MemoryLimit = 5 },
            new SessionLimits { SessionTtlMs = 120_000 }.WithDefaults(defaults));
    }

    private static string Execute(string id, string code, string limits) =>
        $$"""{"type":"execute","sessionId":"{{id}}","code":{{JsonSerializer.Serialize(code)}},"limits":{{limits}}}""";

    private async Task<JsonElement[]> RunAsync(string id, string code, string limits)
    {
        await using TestPeer peer = await TestPeer.ConnectAsync(fixture.Runtime);
        await peer.SendAsync(Execute(id, code, limits));
        return await peer.ToEndAsync(id);
    }
}
