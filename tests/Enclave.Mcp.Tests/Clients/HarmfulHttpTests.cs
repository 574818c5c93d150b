using System.Text.Json.Nodes;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Servers over HTTP that mean harm, or forget: they cost their own calls, and nothing else.</summary>
public sealed class HarmfulHttpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_has_forgotten_the_session_is_asked_once_more_in_a_new_one()
    {
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((_, _) => Task.FromResult(false));
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);
        Assert.Equal("answered", (await Run(enclave))[0]);

        server.Forget();
        string[] outcome = await Run(enclave);

        Assert.Equal(["answered", "fine"], outcome);
        Assert.Equal((2, 2), (server.Sessions, server.Calls));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null}""", "answered")]
    [InlineData("Session not found", "answered")]
    [InlineData("""{"error":"malformed"}""", "MCP_DISCONNECTED")]
    public async Task A_restarted_server_may_say_that_it_does_not_know_the_session_as_a_bad_request(string said, string outcome)
    {
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((_, _) => Task.FromResult(false));
        server.Forgotten = (context) =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync(said);
        };
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);

        server.Forget();

        Assert.Equal([outcome, "fine"], await Run(enclave));
    }

    [Fact]
    public async Task A_request_has_its_length_in_its_head()
    {
        var chunked = new System.Collections.Concurrent.ConcurrentQueue<bool>();
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((context, _) =>
        {
            chunked.Enqueue(context.Request.ContentLength is null);
            return Task.FromResult(false);
        });
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);

        Assert.Equal(["answered", "fine"], await Run(enclave));
        Assert.DoesNotContain(true, chunked);
    }

    [Theory]
    [InlineData("login", "the server answers with text/html, which is no answer of an MCP server")]
    [InlineData("redirect", "the server answers 307 and names https://other.example/mcp: redirects are not followed")]
    [InlineData("odd", "the server answers with application/xml")]
    public async Task What_came_in_place_of_an_answer_is_said(string harm, string why)
    {
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync(async (context, _) =>
        {
            if (harm == "redirect")
            {
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = "https://other.example/mcp?token=s3cr3t";
                return true;
            }

            context.Response.ContentType = harm == "login" ? "text/html; charset=utf-8" : "application/xml";
            await context.Response.WriteAsync("<html>Sign in</html>");
            return true;
        });

        McpSourceException refusal = await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(server.Options, null, Token));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_mended_as_lines_are()
    {
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync(async (context, request) =>
        {
            if (!IsCall(request)) return false;
            context.Response.ContentType = "text/event-stream";
            string id = request["id"]!.ToJsonString();
            await context.Response.WriteAsync(
                $"\uFEFFid: 1\r\nevent: message\r\ndata: {{\"jsonrpc\":\"2.0\",\"id\":{id},\r\ndata: \"result\":{{\"content\":[{{\"type\":\"text\","
                + "\"text\":\"half \\ud83d\",\"annotations\":{}}]}}\r\n\r\n");
            return true;
        });
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);

        Assert.Equal(["half \ufffd", "fine"], await Run(enclave));
    }

    [Fact]
    public async Task A_server_that_forgets_each_session_is_asked_no_third_time()
    {
        int asked = 0;
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((context, request) =>
        {
            if (!IsCall(request)) return Task.FromResult(false);
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.FromResult(true);
        });
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);

        string[] outcome = await Run(enclave);

        Assert.Equal(["MCP_DISCONNECTED", "fine"], outcome);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("endless-event", "MCP_DISCONNECTED|TOOL_TIMEOUT")]
    [InlineData("endless-events", "TOOL_TIMEOUT")]
    [InlineData("endless-body", "MCP_DISCONNECTED")]
    [InlineData("no-body", "TOOL_TIMEOUT")]
    [InlineData("no-answer", "TOOL_TIMEOUT")]
    [InlineData("cut", "MCP_DISCONNECTED")]
    [InlineData("empty", "MCP_DISCONNECTED|TOOL_TIMEOUT")]
    [InlineData("redirect", "MCP_DISCONNECTED")]
    public async Task A_call_that_goes_wrong_fails_alone(string harm, string outcome)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((context, request) =>
            IsCall(request) ? Harm(context, harm, ended) : Task.FromResult(false));
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            server.Options with { CallTimeout = TimeSpan.FromSeconds(3), MaxMessageBytes = 1 << 20 }, null, Token);
        await using EnclaveHost enclave = Host(source);

        string[] results = await Run(enclave);

        Assert.Contains(results[0], outcome.Split('|'));
        Assert.Equal("fine", results[1]);
        // A message above its bound ends the connection: nobody reads on.
        if (harm is "endless-event" or "endless-body") await Within.Deadline(ended.Task, "end of the connection");
    }

    [Theory]
    [InlineData("many-tools", "more than 1000 tools")]
    [InlineData("endless-pages", "more than 1000 ")]
    [InlineData("large-list", "cannot be read")]
    [InlineData("endless-list", "")]
    public async Task A_list_without_bounds_is_refused(string harm, string why)
    {
        int page = 0;
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((context, request) =>
            (string)request["method"]! == "tools/list" ? List(context, request, harm, ++page) : Task.FromResult(false));

        McpSourceException refusal = await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(
            server.Options with { MaxMessageBytes = harm == "many-tools" ? 16 << 20 : 1 << 20, ConnectTimeout = TimeSpan.FromSeconds(10) }, null, Token));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.InRange(page, 1, 1_001);
    }

    [Fact]
    public async Task A_redirect_takes_no_credentials_elsewhere()
    {
        await using HarmfulHttpServer other = await HarmfulHttpServer.StartAsync((_, _) => Task.FromResult(false));
        await using HarmfulHttpServer server = await HarmfulHttpServer.StartAsync((context, request) =>
        {
            if (!IsCall(request)) return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = other.Options.Address!.ToString();
            return Task.FromResult(true);
        });
        await using McpToolSource source = await McpToolSource.ConnectAsync(server.Options, null, Token);
        await using EnclaveHost enclave = Host(source);

        string[] results = await Run(enclave);

        Assert.Equal(["MCP_DISCONNECTED", "fine"], results);
        Assert.Equal(0, other.Requests);
    }

    private static async Task<bool> Harm(HttpContext context, string harm, TaskCompletionSource ended)
    {
        HttpResponse response = context.Response;
        CancellationToken gone = context.RequestAborted;
        byte[] part = "x"u8.ToArray();
        switch (harm)
        {
            case "endless-event":
                response.ContentType = "text/event-stream";
                await WriteForEverAsync("data: "u8.ToArray(), new string('x', 1 << 16));
                break;
            case "endless-events":
                response.ContentType = "text/event-stream";
                await WriteForEverAsync([], "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":1}}\n\n");
                break;
            case "endless-body":
                response.ContentType = "application/json";
                await WriteForEverAsync("{\"jsonrpc\":\"2.0\",\"id\":\""u8.ToArray(), new string('x', 1 << 16));
                break;
            case "no-body":
                response.ContentType = "application/json";
                await response.StartAsync(gone);
                await Gone();
                break;
            case "no-answer":
                await Gone();
                break;
            case "cut":
                response.ContentLength = 1_000;
                response.ContentType = "application/json";
                await response.Body.WriteAsync(part, gone);
                await response.Body.FlushAsync(gone);
                context.Abort();
                break;
            case "redirect":
                response.StatusCode = StatusCodes.Status302Found;
                response.Headers.Location = "/elsewhere";
                break;
        }

        return true;

        async Task WriteForEverAsync(byte[] begin, string more)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(more);
            try
            {
                await response.BodyWriter.WriteAsync(begin, gone);
                while (!(await response.BodyWriter.WriteAsync(bytes, gone)).IsCompleted)
                {
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException)
            {
                // The client has gone.
            }

            ended.TrySetResult();
        }

        async Task Gone()
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration end = gone.Register(() => left.TrySetResult());
            await left.Task;
        }
    }

    private static async Task<bool> List(HttpContext context, JsonNode request, string harm, int page)
    {
        JsonObject Tools(int count, string description) => new()
        {
            ["tools"] = new JsonArray([.. Enumerable.Range(0, count).Select((i) =>
            {
                JsonObject tool = HarmfulHttpServer.Tool($"t{page}_{i}");
                tool["description"] = description;
                return tool;
            })]),
        };

        JsonObject list = harm switch
        {
            "many-tools" => Tools(20_000, "One of many."),
            "endless-pages" => Tools(1, "One of many."),
            _ => Tools(1, new string('x', 2 << 20)),
        };
        if (harm == "endless-pages") list["nextCursor"] = $"{page}";
        if (harm != "endless-list")
        {
            await HarmfulHttpServer.AnswerAsync(context, request, list);
            return true;
        }

        return await Harm(context, "endless-body", new TaskCompletionSource());
    }

    private static bool IsCall(JsonNode request) => (string)request["method"]! == "tools/call";

    private static EnclaveHost Host(McpToolSource source)
    {
        var options = new EnclaveOptions();
        options.Tools.Add(source).Add("fine", () => "fine");
        return new EnclaveHost(options);
    }

    private static async Task<string[]> Run(EnclaveHost enclave)
    {
        ExecutionResult result = await enclave.RunAsync(
            "const said = await callTool('hostile:act').catch((e) => e.code); return [said, await callTool('fine')]", cancellationToken: Token);
        Assert.True(result.Success, result.Error?.Message);
        return [.. result.Value.Items.Select((item) => item.AsString())];
    }
}
