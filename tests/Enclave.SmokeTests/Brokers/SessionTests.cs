using System.Net;
using System.Text;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Streaming;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests;

/// <summary>One session over HTTP, from its request to its last event.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_script_answers_with_its_events()
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Post("""{ "sessionId": "s_mine", "code": "console.log('hi'); return 1 + 1" }""");
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.Equal("s_mine", response.Headers.GetValues("X-Session-ID").Single());
        Assert.Equal(["session_init", "stdout", "final"], events.Types());
        Assert.Equal([1, 2, 3], events.Select((happened) => happened.GetProperty("seq").GetInt32()));
        Assert.Equal("/sessions/s_mine/cancel", events[0].Payload().GetProperty("cancelUrl").GetString());
        Assert.Equal("hi\n", events[1].Payload().GetProperty("chunk").GetString());
        Assert.Equal(2, events.Final().GetProperty("result").GetInt32());
        Assert.Equal(3, events.Final().GetProperty("stats").GetProperty("stdoutBytes").GetInt32());
    }

    [Fact]
    public async Task A_kept_session_has_its_events_without_its_program()
    {
        await using BrokerApp app = await BrokerApp.Open();
        var globals = new Dictionary<string, object?> { ["big"] = new string('x', 100_000) };
        var request = new SessionRequest { Code = "return big.length", ClientTools = ["mine"], Globals = globals };

        (ISessionView? view, _) = await app.Services.GetRequiredService<IBrokerSessions>()
            .OpenAsync(new Caller(null, null), request, TestContext.Current.CancellationToken);

        var session = (BrokerSession)view!;
        await Within.Deadline(session.Ended, "end of the session");
        await Within.Becomes(() => session.Request is { Code: "", Globals: null, ClientTools: [] } && session.Calls is null, "the program was dropped");
        var events = new List<LoggedEvent>();
        await session.ReadAsync(1, events, TestContext.Current.CancellationToken);
        Assert.Contains("100000", System.Text.Encoding.UTF8.GetString(events[^1].Sent.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_of_a_client_are_kept_once_and_foreign_ones_refused()
    {
        string many = string.Join(',', Enumerable.Repeat("\"mine\"", 10_000));

        Assert.Equal(["mine", "other"], SessionRequest.Read(Body("other"), ["other", "mine"], out _)!.ClientTools);
        Assert.Null(SessionRequest.Read(Body("foreign"), ["mine"], out string problem));
        Assert.StartsWith("tools: 'foreign' is not among", problem, StringComparison.Ordinal);
        Assert.Null(SessionRequest.Read("""{ "code": "return 1", "tools": ["mine", 5] }"""u8.ToArray(), ["mine"], out problem));
        Assert.Equal("tools must be a list of names", problem);

        byte[] Body(string name) => Encoding.UTF8.GetBytes($$"""{ "code": "return 1", "tools": [{{many}}, "{{name}}"] }""");
    }

    /// <summary>The value takes 24 times the memory of its JSON.</summary>
    [Fact]
    public async Task An_answer_to_an_unknown_call_is_refused_before_it_becomes_a_value()
    {
        await using BrokerApp app = await BrokerApp.Open();
        var request = new SessionRequest { Code = "return await callTool('mine')", ClientTools = ["mine"] };
        (ISessionView? view, _) = await app.Services.GetRequiredService<IBrokerSessions>()
            .OpenAsync(new Caller(null, null), request, TestContext.Current.CancellationToken);
        view!.ReaderCame();
        await Within.Becomes(() => ((BrokerSession)view).Calls?.AreWaiting == true, "the script waits for its client");
        byte[] body = Encoding.UTF8.GetBytes($$"""{ "callId": "c_99", "result": [{{string.Join(',', Enumerable.Repeat('0', 1_000_000))}}] }""");

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<BrokerError?> answer = view.AnswerAsync(body, TestContext.Current.CancellationToken);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("TOOL_RESULT_REJECTED", (await answer)!.Code);
        Assert.InRange(allocated, 0, 70_000_000);
        Assert.Null(await view.AnswerAsync("""{ "callId": "c_1", "result": 1 }"""u8.ToArray(), TestContext.Current.CancellationToken));
        await Within.Deadline(((BrokerSession)view).Ended, "end of the session");
    }

    [Fact]
    public async Task Tool_calls_are_told_in_order()
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement[] events = await app.Run(
            "const a = await callTool('math:add', { a: 1, b: 2 }); const b = await callTool('time:sleep', { ms: 5 }); return { a, b };");

        Assert.Equal(["session_init", "tool_call", "tool_progress",
            "tool_progress", "tool_result_applied", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], events.Types());
        Assert.Equal("""{"a":{"sum":3},"b":{"slept":5}}""", events.Final().GetProperty("result").GetRawText());
        Assert.Equal(2, events.Final().GetProperty("stats").GetProperty("toolCallCount").GetInt32());
    }

    [Theory]
    [InlineData("throw new Error('mine')", "RUNTIME_ERROR", "mine")]
    [InlineData("return (", "VALIDATION_ERROR", "")]
    [InlineData("return eval('1')", "VALIDATION_ERROR", "")]
    [InlineData("return await callTool('fail:now', {})", "TOOL_ERROR", "tool exploded")]
    [InlineData("return await callTool('no:such', {})", "TOOL_ERROR", "there is no tool")]
    [InlineData("for (let i = 0; i < 60; i++) await callTool('math:add', { a: 1, b: 1 })", "MAX_TOOL_CALLS", "50")]
    public async Task A_failure_has_its_code(string code, string expected, string words)
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement final = (await app.Run(code)).Final();

        Assert.False(final.GetProperty("ok").GetBoolean());
        Assert.Equal(expected, final.ErrorCode());
        Assert.Contains(words, final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(final.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task The_tools_own_code_is_told()
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement final = (await app.Run("return await callTool('fail:now', {})")).Final();

        Assert.Equal("BOOM", final.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("", "INVALID_REQUEST")]
    [InlineData("{}", "INVALID_REQUEST")]
    [InlineData("{bad", "INVALID_REQUEST")]
    [InlineData("[]", "INVALID_REQUEST")]
    [InlineData("""{ "code": 5 }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "sessionId": "x" }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "sessionId": "s_a/b" }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "config": { "maxToolCalls": "many" } }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "limits": { "sessionTtlMs": -1 } }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "filter": {} }""", "INVALID_REQUEST")]
    [InlineData("""{ "code": "return 1", "tools": ["math:add"] }""", "INVALID_REQUEST")]
    public async Task A_wrong_request_is_refused_in_json(string body, string code)
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Post(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Empty((await app.Get("/sessions")).GetProperty("sessions").EnumerateArray());
    }

    [Theory]
    [InlineData("sessionTtlMs")]
    [InlineData("timeout")]
    [InlineData("maxExecutionMs")]
    public async Task A_session_ends_at_its_time(string limit)
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement final = (await app.Run("return await callTool('time:sleep', { ms: 60000 })", $$""", "limits": { "{{limit}}": 300 }""")).Final();

        Assert.Equal("TIMEOUT", final.ErrorCode());
    }

    [Fact]
    public async Task A_deadline_is_told_before_the_end()
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement[] events = await app.Run("return await callTool('time:sleep', { ms: 60000 })", """, "limits": { "deadlineMs": 200 }""");

        Assert.Equal("deadline_exceeded", events[^2].Type());
        Assert.Equal(200, events[^2].Payload().GetProperty("budgetMs").GetInt32());
        Assert.Equal("DEADLINE_EXCEEDED", events.Final().ErrorCode());
    }

    [Fact]
    public async Task B7_A_client_can_only_ask_for_less()
    {
        await using BrokerApp app = await BrokerApp.Open(
            (broker) => (broker.SessionTtl, broker.MaxToolCalls, broker.MaxStdoutBytes) = (TimeSpan.FromSeconds(2), 3, 100));

        JsonElement[] calls = await app.Run(
            "for (let i = 0; i < 5; i++) await callTool('math:add', { a: 1, b: 1 })", """, "limits": { "maxToolCalls": 1000 }""");
        JsonElement[] printed = await app.Run("for (let i = 0; i < 50; i++) console.log('a line of text')", """, "limits": { "maxStdoutBytes": 1000000 }""");
        JsonElement[] late = await app.Run(
            "return await callTool('time:sleep', { ms: 60000 })", """, "limits": { "timeout": 86400000, "memoryLimit": 99999999999 }""");

        Assert.Equal("MAX_TOOL_CALLS", calls.Final().ErrorCode());
        Assert.Equal("OUTPUT_LIMIT", printed.Final().ErrorCode());
        Assert.Equal("TIMEOUT", late.Final().ErrorCode());
    }

    [Fact]
    public async Task Cancelling_ends_a_run_whatever_the_label_of_the_body()
    {
        await using BrokerApp app = await BrokerApp.Open();
        using HttpResponseMessage response = await app.Post("""{ "sessionId": "s_long", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");

        await Within.Becomes(() => app.Get("/sessions/s_long").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1,
            "the script called its tool");
        using HttpResponseMessage cancelled = await app.Http.PostAsync("/sessions/s_long/cancel", new StringContent("""{"reason":"no longer needed"}"""));
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal("""{"success":true,"sessionId":"s_long"}""", await cancelled.Content.ReadAsStringAsync());
        Assert.Equal("tool_result_applied", events[^2].Type());
        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        Assert.Equal("no longer needed", events.Final().GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("cancelled", (await app.Get("/sessions/s_long")).GetProperty("state").GetString());
        using HttpResponseMessage again = await app.Http.PostAsync("/sessions/s_long/cancel", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using HttpResponseMessage unknown = await app.Http.PostAsync("/sessions/s_none/cancel", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Deleting_cancels_and_forgets_and_the_reader_reads_to_the_end()
    {
        await using BrokerApp app = await BrokerApp.Open();
        using HttpResponseMessage response = await app.Post("""{ "sessionId": "s_long", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");

        using HttpResponseMessage deleted = await app.Send(HttpMethod.Delete, "/sessions/s_long");
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        using HttpResponseMessage gone = await app.Send(HttpMethod.Get, "/sessions/s_long/stream");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("""{"code":"NOT_FOUND","message":"Session s_long not found"}""", await gone.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("?fromSeq=3", 3)]
    [InlineData("?from=2", 2)]
    [InlineData("?fromSeq=abc", 1)]
    [InlineData("?fromSeq=-4", 1)]
    [InlineData("", 1)]
    public async Task A_session_that_has_ended_is_read_again_from_any_event(string query, int first)
    {
        await using BrokerApp app = await BrokerApp.Open();
        JsonElement[] all = await app.Run("return (await callTool('math:add', { a: 1, b: 2 })).sum", """, "sessionId": "s_again" """);

        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/sessions/s_again/stream" + query);
        JsonElement[] again = await BrokerApp.Events(response);

        Assert.Equal(all[(first - 1)..].Select((happened) => happened.GetRawText()), again.Select((happened) => happened.GetRawText()));
    }

    [Fact]
    public async Task Past_the_end_there_is_nothing()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await app.Run("return 1", """, "sessionId": "s_again" """);

        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/sessions/s_again/stream?fromSeq=99");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await BrokerApp.Events(response));
    }

    [Fact]
    public async Task An_id_in_use_is_refused_and_one_that_has_ended_is_free()
    {
        await using BrokerApp app = await BrokerApp.Open();
        using HttpResponseMessage running = await app.Post("""{ "sessionId": "s_one", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");

        using HttpResponseMessage twice = await app.Post("""{ "sessionId": "s_one", "code": "return 1" }""");
        await app.Http.PostAsync("/sessions/s_one/cancel", null);
        await BrokerApp.Events(running);
        JsonElement[] after = await app.Run("return 2", """, "sessionId": "s_one" """);

        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Equal(2, after.Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_session_that_nobody_reads_is_cancelled()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.ReaderGrace = TimeSpan.FromMilliseconds(100));
        using (HttpResponseMessage response = await app.Post("""{ "sessionId": "s_left", "code": "return await callTool('time:sleep', { ms: 60000 })" }"""))
        {
            Assert.Equal("running", (await app.Get("/sessions/s_left")).GetProperty("state").GetString());
        }

        string state = "";
        for (int i = 0; i < 200 && state != "cancelled"; i++)
        {
            state = (await app.Get("/sessions/s_left")).GetProperty("state").GetString()!;
            await Task.Delay(50);
        }

        Assert.Equal("cancelled", state);
    }
}
