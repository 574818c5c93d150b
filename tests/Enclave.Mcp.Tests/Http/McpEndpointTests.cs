using System.Text.Json;
using Enclave.Testing;
using Enclave.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Http;

/// <summary>An MCP server over HTTP, for clients that mean well.</summary>
public sealed class McpEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_runs_scripts_and_hears_of_progress_and_console()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync();
        using HttpResponseMessage level =
            await app.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""", session);
        // To its end: the headers come before the level is set.
        await Answers.EventsAsync(level);

        using HttpResponseMessage answer = await app.PostAsync(
            """
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"_meta":{"progressToken":"mine"},"name":"run_code",
            "arguments":{"code":"console.log('quiet'); console.warn('loud'); return await callTool('orders:list', { limit: 2 })"}}}
            """,
            session);
        JsonElement[] messages =
            [.. (await Answers.EventsAsync(answer)).Where((happened) => happened.Data.Length > 0).Select((happened) => JsonElement.Parse(happened.Data))];

        Assert.Equal(3, messages.Length);
        JsonElement line = messages.Single((message) => Method(message) == "notifications/message").GetProperty("params");
        Assert.Equal(("warning", "loud"), (line.GetProperty("level").GetString(), line.GetProperty("data").GetString()));
        JsonElement step = messages.Single((message) => Method(message) == "notifications/progress").GetProperty("params");
        Assert.Equal(("mine", "orders:list"), (step.GetProperty("progressToken").GetString(), step.GetProperty("message").GetString()));
        Assert.Equal("[1,2]", messages[^1].GetProperty("result").GetProperty("structuredContent").GetProperty("value").GetRawText());

        static string? Method(JsonElement message) => message.TryGetProperty("method", out JsonElement method) ? method.GetString() : null;
    }

    [Theory]
    [InlineData(true, "paid 1")]
    [InlineData(false, "TOOL_APPROVAL_DENIED")]
    public async Task The_person_behind_the_client_is_asked_for_approvals(bool allows, string outcome)
    {
        await using McpApp app = await McpApp.StartAsync();
        await using McpClient client = await ConnectAsync(app, new McpClientHandlers
        {
            ElicitationHandler = (asked, token) => ValueTask.FromResult(new ElicitResult
            {
                Action = "accept",
                Content = new Dictionary<string, JsonElement> { ["allow"] = JsonSerializer.SerializeToElement(allows) },
            }),
        });

        CallToolResult answer = await client.CallToolAsync(
            "run_code", new Dictionary<string, object?> { ["code"] = "return await callTool('orders:pay', { id: 1 }).catch((e) => e.code)" },
                cancellationToken: Token);

        Assert.Equal(outcome, answer.StructuredContent!.Value.GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_session_belongs_to_the_caller_that_opened_it_and_its_runs_to_the_tenant()
    {
        await using McpApp app = await McpApp.StartAsync(hasTokens: true);
        string session = await app.OpenAsync(McpApp.AnnsToken);

        Assert.Equal("{\"value\":\"north\"}", await Answers.ValueAsync(await app.RunAsync("return await callTool('tenant')", session, McpApp.AnnsToken)));
        foreach (string other in new[] { McpApp.BobsToken, McpApp.OtherTenantsToken })
        {
            Assert.Equal(404, (int)(await app.RunAsync("return 1", session, other)).StatusCode);
            Assert.Equal(404, (int)(await app.ResumeAsync("0-0", session, other)).StatusCode);
            Assert.Equal(404, (int)(await app.DeleteAsync(session, other)).StatusCode);
        }

        Assert.Equal(401, (int)(await app.RunAsync("return 1", session)).StatusCode);
        Assert.Equal(401, (int)(await app.InitializeAsync("token-of-nobody-0123456789")).StatusCode);
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", session, McpApp.AnnsToken)));
        string told = app.Log.Text;
        Assert.DoesNotContain("token-of", told, StringComparison.Ordinal);
        Assert.DoesNotContain(session, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_connection_was_lost_is_continued_from_its_last_event()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync(), other = await app.OpenAsync();
        string first;
        using (HttpResponseMessage cut = await app.RunAsync("return await callTool('wait')", session))
        {
            using var reader = new StreamReader(await cut.Content.ReadAsStreamAsync(Token));
            first = (await Answers.NextAsync(reader))!.Value.Id!;
            await Within.Deadline(app.Called, "call");
        }

        Task<HttpResponseMessage> resuming = app.ResumeAsync(first, session);
        app.Gate.SetResult();

        Assert.Equal("{\"value\":\"waited\"}", await Answers.ValueAsync(await resuming));
        // Again, and it is the same.
        Assert.Equal("{\"value\":\"waited\"}", await Answers.ValueAsync(await app.ResumeAsync(first, session)));
        foreach (string wrong in new[] { "7-0", "0-999", "0", "-", "x-y", "-1-0", "0-0-0", "0-+1", "99999999999999999999-0", new string('9', 4000) })
            Assert.Equal(400, (int)(await app.ResumeAsync(wrong, session)).StatusCode);
        // The other session has had one call, and no second stream.
        Assert.Equal(400, (int)(await app.ResumeAsync("1-2", other)).StatusCode);
    }

    [Fact]
    public async Task Messages_are_kept_for_a_time_and_sessions_while_they_are_used()
    {
        var clock = new ManualClock();
        await using McpApp app = await McpApp.StartAsync(
            (options) => (options.Retention, options.IdleTimeout) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), clock);
        string session = await app.OpenAsync(), busy = await app.OpenAsync();
        List<(string? Id, string Data)> events = await Answers.EventsAsync(await app.RunAsync("return 1", session));
        Task<HttpResponseMessage> waiting = app.RunAsync("return await callTool('wait')", busy);
        await Within.Deadline(app.Called, "call");

        Assert.Equal(200, (int)(await app.ResumeAsync(events[0].Id!, session)).StatusCode);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(400, (int)(await app.ResumeAsync(events[0].Id!, session)).StatusCode);
        int status = 200;
        // A request is over for its client a little before it is over for the server.
        for (int tries = 0; status == 200 && tries < 100; tries++)
        {
            clock.Advance(TimeSpan.FromMinutes(11));
            status = (int)(await app.RunAsync("return 1", session)).StatusCode;
        }

        Assert.Equal(404, status);
        app.Gate.SetResult();
        Assert.Equal("{\"value\":\"waited\"}", await Answers.ValueAsync(await waiting));
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_its_session_goes_on()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync(), other = await app.OpenAsync();
        Task<HttpResponseMessage> waiting = app.RunAsync("return await callTool('wait')", session, null, id: 7);
        await Within.Deadline(app.Called, "call");
        const string Cancelled = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""";

        // A number of another session is another call.
        Assert.Equal(202, (int)(await app.PostAsync(Cancelled, other)).StatusCode);
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", other)));
        Assert.False(app.Stopped.IsCompleted);
        Assert.Equal(202, (int)(await app.PostAsync(Cancelled, session)).StatusCode);

        await Within.Deadline(app.Stopped, "end of the call");
        Assert.Equal("{\"value\":2}", await Answers.ValueAsync(await app.RunAsync("return 2", session)));
        // Its stream ends without an answer, and there is nothing to come back for.
        List<(string? Id, string Data)> events = await Within.Deadline(Answers.EventsAsync(await waiting), "end of the stream");
        Assert.DoesNotContain(events, (happened) => happened.Data.Contains("\"id\":7", StringComparison.Ordinal));
        Assert.Equal(400, (int)(await app.ResumeAsync(events[0].Id!, session)).StatusCode);
    }

    [Fact]
    public async Task A_call_whose_client_went_can_still_be_cancelled()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxRequestsPerSession = 1);
        string session = await app.OpenAsync();
        using (HttpResponseMessage cut = await app.RunAsync("return await callTool('wait')", session, null, id: 7)) await Within.Deadline(app.Called, "call");
        HttpResponseMessage? cancelled = null;
        const string Cancelled = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""";

        // The server sees the end of the connection a little later.
        while (cancelled is null || (int)cancelled.StatusCode == 429) cancelled = await app.PostAsync(Cancelled, session);

        Assert.Equal(202, (int)cancelled.StatusCode);
        await Within.Deadline(app.Stopped, "end of the call");
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", session)));
    }

    [Fact]
    public async Task Delete_ends_a_session_and_its_runs()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync();
        Task<HttpResponseMessage> waiting = app.RunAsync("return await callTool('wait')", session);
        await Within.Deadline(app.Called, "call");

        Assert.Equal(204, (int)(await app.DeleteAsync(session)).StatusCode);

        await Within.Deadline(app.Stopped, "end of the call");
        Assert.Equal(404, (int)(await app.RunAsync("return 1", session)).StatusCode);
        Assert.Equal(404, (int)(await app.DeleteAsync(session)).StatusCode);
        await Task.WhenAny(waiting);
    }

    [Fact]
    public async Task Each_session_may_have_tools_of_its_own()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.ForSession = (context, server) =>
        {
            string customer = context.Request.Headers["X-Customer"].ToString();
            return server with { Run = new RunOptions { Tools = new ToolCollection().Add("mine", () => customer) } };
        });
        using HttpResponseMessage opened = await app.PostAsync(
            McpApp.Initialize,
            null, null, (request) => request.Headers.Add("X-Customer", "seven"));
        string session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        Assert.Equal("{\"value\":\"seven\"}", await Answers.ValueAsync(await app.RunAsync("return await callTool('mine')", session)));
    }

    private static Task<McpClient> ConnectAsync(McpApp app, McpClientHandlers handlers) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = app.Address, TransportMode = HttpTransportMode.StreamableHttp }),
        new McpClientOptions { Handlers = handlers }, cancellationToken: Token);
}
