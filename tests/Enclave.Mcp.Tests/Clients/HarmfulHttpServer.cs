using System.Text.Json.Nodes;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>A server over Streamable HTTP with one tool, whose answers a test may replace.</summary>
internal sealed class HarmfulHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<HttpContext, JsonNode, Task<bool>> _harm;
    private int _requests, _sessions, _calls;
    private volatile string _session = "";

    private HarmfulHttpServer(Func<HttpContext, JsonNode, Task<bool>> harm)
    {
        (_app, _harm) = (LocalWeb.Builder().Build(), harm);
        _app.MapPost("/mcp", AnswerAsync);
        _app.MapDelete("/mcp", () => Results.Ok());
    }

    public McpSourceOptions Options => new() { Name = "hostile", Address = new Uri(LocalWeb.AddressOf(_app), "mcp") };

    /// <summary>Requests of any kind but the end of a session.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Sessions that were opened.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Calls of the tool that were carried out.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <param name="harm">Answers a request itself, and returns true; false for the usual answer.</param>
    public static async Task<HarmfulHttpServer> StartAsync(Func<HttpContext, JsonNode, Task<bool>> harm)
    {
        var server = new HarmfulHttpServer(harm);
        await LocalWeb.Start(server._app);
        return server;
    }

    /// <summary>The answer to requests of a session that it has forgotten.</summary>
    public Func<HttpContext, Task> Forgotten { get; set; } = static (context) =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    /// <summary>Forgets the session, as after a restart.</summary>
    public void Forget() => _session = "";

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public static Task AnswerAsync(HttpContext context, JsonNode asked, JsonNode result) => context.Response.WriteAsJsonAsync(
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = asked["id"]!.DeepClone(), ["result"] = result }, context.RequestAborted);

    public static JsonObject Tool(string name) => new() { ["name"] = name, ["inputSchema"] = new JsonObject { ["type"] = "object" } };

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        string method = (string)asked["method"]!;
        if (method == "initialize")
        {
            _session = $"session-{Interlocked.Increment(ref _sessions)}";
            context.Response.Headers["Mcp-Session-Id"] = _session;
            await AnswerAsync(context, asked, new JsonObject
            {
                ["protocolVersion"] = "2025-11-25",
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = new JsonObject { ["name"] = "hostile", ["version"] = "1" },
            });
        }
        else if (context.Request.Headers["Mcp-Session-Id"] != _session)
        {
            await Forgotten(context);
        }
        else if (asked["id"] is null)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (!await _harm(context, asked))
        {
            if (method == "tools/call") Interlocked.Increment(ref _calls);
            await AnswerAsync(context, asked, method == "tools/list"
                ? new JsonObject { ["tools"] = new JsonArray(Tool("act")) }
                : new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "answered" }) });
        }
    }
}
