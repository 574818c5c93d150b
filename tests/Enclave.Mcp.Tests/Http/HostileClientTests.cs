using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Http;

/// <summary>A client that means harm costs its own sessions, and nothing else.</summary>
public sealed class HostileClientTests
{
    private const string Initialize = McpApp.Initialize;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_of_sessions_ends_the_idle_ones_of_its_owner_alone()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessionsPerOwner = 3, hasTokens: true);
        string bobs = await app.OpenAsync(McpApp.BobsToken), first = await app.OpenAsync(McpApp.AnnsToken);
        for (int i = 0; i < 50; i++) await app.OpenAsync(McpApp.AnnsToken);

        Assert.Equal(404, (int)(await app.RunAsync("return 1", first, McpApp.AnnsToken)).StatusCode);
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", bobs, McpApp.BobsToken)));
    }

    [Fact]
    public async Task Sessions_in_use_are_not_replaced()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessionsPerOwner = 1);
        string session = await app.OpenAsync();
        Task<HttpResponseMessage> waiting = app.RunAsync("return await callTool('wait')", session);
        await Within.Deadline(app.Called, "call");

        using HttpResponseMessage refused = await app.InitializeAsync();
        app.Gate.SetResult();

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("{\"value\":\"waited\"}", await Answers.ValueAsync(await waiting));
    }

    [Fact]
    public async Task The_sessions_of_all_owners_are_bounded()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessions = 2, hasTokens: true);
        await app.OpenAsync(McpApp.AnnsToken);
        string second = await app.OpenAsync(McpApp.AnnsToken);

        Assert.Equal(503, (int)(await app.InitializeAsync(McpApp.BobsToken)).StatusCode);
        await app.DeleteAsync(second, McpApp.AnnsToken);
        await app.OpenAsync(McpApp.BobsToken);
    }

    [Fact]
    public async Task Calls_and_requests_of_one_session_are_bounded()
    {
        await using McpApp app = await McpApp.StartAsync((options) => (options.MaxCallsPerSession, options.MaxRequestsPerSession) = (1, 2));
        string session = await app.OpenAsync(), other = await app.OpenAsync();
        Task<HttpResponseMessage> waiting = app.RunAsync("return await callTool('wait')", session);
        await Within.Deadline(app.Called, "call");

        string refused = (await Answers.EventsAsync(await app.RunAsync("return 1", session, null, 3)))[^1].Data;
        using HttpResponseMessage held = await app.ResumeAsync("1-1", session);
        using HttpResponseMessage third = await app.RunAsync("return 1", session, null, 4);

        Assert.Contains("MaxCallsPerSession", refused, StringComparison.Ordinal);
        Assert.Equal((200, 429), ((int)held.StatusCode, (int)third.StatusCode));
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", other)));
        app.Gate.SetResult();
        Assert.Equal("{\"value\":\"waited\"}", await Answers.ValueAsync(await waiting));
    }

    [Fact]
    public async Task A_flood_of_requests_is_slowed_down()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.RequestsPerMinute = 5);
        string session = await app.OpenAsync();
        for (int i = 0; i < 4; i++) Assert.Equal(404, (int)(await app.DeleteAsync("none")).StatusCode);

        Assert.Equal(429, (int)(await app.RunAsync("return 1", session)).StatusCode);
    }

    [Theory]
    [InlineData("", "not one JSON-RPC message")]
    [InlineData("null", "null")]
    [InlineData("[]", "not one JSON-RPC message")]
    [InlineData("[" + Initialize + "]", "not one JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"initialize\"}", "not one JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"initialize\"}", "not one JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":[1]}", "another form")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"", "not one JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", "initialize first")]
    public async Task Bodies_that_open_no_session_are_refused(string body, string why)
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessions = 1);

        using HttpResponseMessage refused = await app.PostAsync(body, null);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains(why, await Answers.ErrorAsync(refused), StringComparison.Ordinal);
        // It holds no place.
        await app.OpenAsync();
    }

    [Fact]
    public async Task Requests_of_another_form_are_refused()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxBodyBytes = 4096);
        string session = await app.OpenAsync();

        Assert.Equal(413, await Status(Initialize.PadRight(5000)));
        Assert.Equal(413, await Status(Initialize.PadRight(5_000_000), (request) => request.Headers.TransferEncodingChunked = true));
        Assert.Equal(400, await Status($"{new string('[', 4000)}"));
        Assert.Equal(415, await Status(Initialize, (request) => request.Content!.Headers.ContentType = new("text/plain")));
        Assert.Equal(406, await Status(Initialize, (request) =>
        {
            request.Headers.Remove("Accept");
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
        }));
        Assert.Equal(400, await Status(Initialize, (request) => request.Headers.Add("Mcp-Protocol-Version", "2026-07-28")));
        Assert.Equal(400, await Status(Initialize, (request) => request.Headers.Add("Mcp-Session-Id", session)));
        foreach (string id in new[] { "none", session.ToUpperInvariant() + "x", new string('a', 4000), "../mcp", "%00" })
            Assert.Equal(404, await Status("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", (request) => request.Headers.TryAddWithoutValidation(
                "Mcp-Session-Id", id)));
        using var get = new HttpRequestMessage(HttpMethod.Get, app.Address);
        using HttpResponseMessage listened = await app.SendAsync(get, session);
        Assert.Equal(405, (int)listened.StatusCode);
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", session)));

        async Task<int> Status(string body, Action<HttpRequestMessage>? change = null) => (int)(await app.PostAsync(body, null, null, change)).StatusCode;
    }

    [Theory]
    [InlineData("http://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData("http://evil.example", "evil.example", 403)]
    [InlineData("https://app.example", null, 200)]
    [InlineData(null, null, 200)]
    public async Task Pages_of_strangers_are_refused_also_after_rebinding(string? origin, string? host, int status)
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.AllowedOrigins = ["https://app.example"]);

        using HttpResponseMessage answered = await app.PostAsync(Initialize, null, null, (request) =>
        {
            if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
            request.Headers.Host = host;
        });

        Assert.Equal(status, (int)answered.StatusCode);
        bool isAllowed = origin is not null && status == 200;
        Assert.Equal(isAllowed, answered.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Requests_that_break_off_leave_nothing_behind()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessions = 1);
        for (int i = 0; i < 20; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(app.Address.Host, app.Address.Port, Token);
            string head = $"POST /mcp HTTP/1.1\r\nHost: {app.Address.Authority}\r\nContent-Type: application/json\r\nAccept: {McpApp.Accepted}\r\n";
            string sent = (i % 4) switch
            {
                0 => $"{head}Content-Length: 1000\r\n\r\n{{",
                1 => $"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"js",
                2 => $"{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                _ => head,
            };
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), Token);
        }

        string session = await app.OpenAsync();
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", session)));
    }

    [Fact]
    public async Task Answers_to_nobodys_questions_and_repeated_ids_hurt_their_own_session_only()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync();

        Assert.Equal(202, (int)(await app.PostAsync("""{"jsonrpc":"2.0","id":77,"result":{"action":"accept","content":{"allow":true}}}""",
            session)).StatusCode);
        Assert.Equal(202, (int)(await app.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}""", session)).StatusCode);
        for (int i = 0; i < 3; i++) Assert.Equal($"{{\"value\":{i}}}", await Answers.ValueAsync(await app.RunAsync($"return {i}", session, null, id: 5)));
    }

    [Fact]
    public async Task A_progress_token_of_megabytes_is_not_repeated_for_each_tool_call()
    {
        await using McpApp app = await McpApp.StartAsync();
        string session = await app.OpenAsync(), token = new('t', 1_000_000);
        const string Code = "for (let i = 0; i < 20; i++) await callTool('orders:list', { limit: 1 }); return 1";
        string call = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 2,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["_meta"] = new JsonObject { ["progressToken"] = token },
                ["name"] = "run_code",
                ["arguments"] = new JsonObject { ["code"] = Code },
            },
        }.ToJsonString();

        using HttpResponseMessage answer = await app.PostAsync(call, session);
        string said = await answer.Content.ReadAsStringAsync(Token);

        Assert.Contains("\"value\":1", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 1, 10_000);
    }
}
