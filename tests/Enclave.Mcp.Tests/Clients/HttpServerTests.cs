using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Mcp.Tests.Http;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Servers over Streamable HTTP: one that nobody here wrote, our own, and one that gives away its credentials.</summary>
public sealed class HttpServerTests
{
    private const string Secret = "s3cr3t-of-the-header";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_everything_server_answers_over_http_too()
    {
        int port = FreePort.Next();
        var start = new ProcessStartInfo(NpmServer.Node, [NpmServer.Program("server-everything", "dist/index.js"), "streamableHttp"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PORT"] = $"{port}";
        using Process server = Process.Start(start)!;
        try
        {
            while (await server.StandardError.ReadLineAsync(Token) is { } line && !line.Contains("listening", StringComparison.Ordinal))
            {
            }

            await using McpToolSource source = await McpToolSource.ConnectAsync(
                new McpSourceOptions { Name = "everything", Address = new Uri($"http://127.0.0.1:{port}/mcp") }, null, Token);
            await using EnclaveHost enclave = Host(source);
            ExecutionResult result = await enclave.RunAsync(
                """
                const sum = await tools.everything.get_sum({ a: 1, b: 2 });
                const { temperature } = await tools.everything.get_structured_content({ location: 'New York' });
                const picture = (await tools.everything.get_tiny_image()).find((part) => part.type === 'image');
                await tools.everything.trigger_long_running_operation({ duration: 0.2, steps: 2 });
                return [sum, typeof temperature, picture.mimeType];
                """,
                cancellationToken: Token);

            Assert.True(result.Success, result.Error?.Message);
            Assert.Equal("[\"The sum of 1 and 2 is 3.\",\"number\",\"image/png\"]", result.Value.ToJsonString());
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(Token);
        }
    }

    [Fact]
    public async Task One_gateway_may_stand_behind_another()
    {
        await using McpApp app = await McpApp.StartAsync(hasTokens: true);
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            new McpSourceOptions
            {
                Name = "inner",
                Address = app.Address,
                SecretHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer {TOKEN}" },
                Secrets = SecretSources.Of((name, tenant, token) => new ValueTask<string?>(McpApp.AnnsToken)),
                Approval = McpApproval.Never,
            },
            null, Token);
        await using EnclaveHost enclave = Host(source);

        ExecutionResult result = await enclave.RunAsync(
            "return (await tools.inner.run_code({ code: \"return await callTool('tenant')\" })).value", cancellationToken: Token);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("north", result.Value.AsString());
    }

    [Theory]
    [InlineData("result")]
    [InlineData("structured")]
    [InlineData("failure")]
    [InlineData("refusal")]
    [InlineData("status")]
    [InlineData("progress")]
    public async Task A_credential_that_a_server_gives_away_is_covered(string where)
    {
        await using WebApplication server = await TellingServerAsync(where);
        using var log = new LogLines();
        using var loggers = LoggerFactory.Create((logging) => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(server), loggers, Token);
        await using EnclaveHost enclave = Host(source);

        string told = "";
        await foreach (ExecutionEvent happened in enclave.StreamAsync(
            "return await callTool('telling:tell').catch((e) => `${e.code} ${e.message}`)", cancellationToken: Token))
        {
            told += JsonSerializer.Serialize(happened);
        }

        Assert.DoesNotContain(Secret, told, StringComparison.Ordinal);
        if (where is "result" or "structured" or "failure" or "refusal") Assert.Contains("***", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, enclave.DescribeForModel() + log.Text + string.Join(' ', source.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_in_a_refusal_of_the_connection_is_covered()
    {
        await using WebApplication server = await TellingServerAsync("connection");
        using var log = new LogLines();
        using var loggers = LoggerFactory.Create((logging) => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));

        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(Options(server), loggers, Token));

        Assert.DoesNotContain(Secret, $"{fault} {log.Text}", StringComparison.Ordinal);
    }

    private static McpSourceOptions Options(WebApplication server) => new()
    {
        Name = "telling",
        Address = new Uri(LocalWeb.AddressOf(server), "mcp"),
        SecretHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer {TOKEN}" },
        Secrets = SecretSources.Of((name, tenant, token) => new ValueTask<string?>(Secret)),
    };

    /// <summary>A server that says the header it was sent, in one of the places where it can say anything.</summary>
    private static async Task<WebApplication> TellingServerAsync(string where)
    {
        WebApplication app = LocalWeb.Builder().Build();
        app.MapPost("/mcp", async (HttpContext context) =>
        {
            JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Token))!;
            string key = context.Request.Headers.Authorization.ToString();
            if (asked["id"] is not { } id) return Results.StatusCode(202);
            string method = (string)asked["method"]!;
            if (where == "connection") return Results.Text($"no entry for {key}", statusCode: 403);
            if (where == "status" && method == "tools/call") return Results.Text($"no entry for {key}", statusCode: 500);
            if (where == "refusal" && method == "tools/call") return Answer("error", new JsonObject { ["code"] = -32602, ["message"] = $"not with {key}" });
            JsonObject result = method switch
            {
                "initialize" => new()
                {
                    ["protocolVersion"] = "2025-11-25",
                    ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                    ["serverInfo"] = new JsonObject { ["name"] = $"server of {key}", ["version"] = "1" },
                },
                "tools/list" => new()
                {
                    ["tools"] = new JsonArray(
                        new JsonObject { ["name"] = "tell", ["description"] = $"Needs {key}.", ["inputSchema"] = new JsonObject { ["type"] = "object" } },
                        new JsonObject { ["name"] = "\u0001", ["description"] = key, ["inputSchema"] = new JsonObject { ["type"] = "object" } }),
                },
                _ => new()
                {
                    ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = $"you sent {key}" }),
                    ["isError"] = where == "failure",
                },
            };
            if (where == "structured" && method == "tools/call") result["structuredContent"] = new JsonObject { [key] = new JsonArray(key) };
            if (where != "progress" || method != "tools/call") return Answer("result", result);
            var step = new JsonObject { ["progressToken"] = asked["params"]!["_meta"]!["progressToken"]!.DeepClone(), ["progress"] = 1, ["message"] = key };
            var note = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/progress", ["params"] = step };
            var last = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = result };
            return Results.Text($"data: {note.ToJsonString()}\n\ndata: {last.ToJsonString()}\n\n", "text/event-stream");

            IResult Answer(string member, JsonObject what) =>
                Results.Text(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), [member] = what }.ToJsonString(), "application/json");
        });
        await LocalWeb.Start(app);
        return app;
    }

    private static EnclaveHost Host(McpToolSource source)
    {
        var options = new EnclaveOptions { OnToolApproval = (request) => new(ToolApproval.Approved) };
        options.Tools.Add(source);
        return new EnclaveHost(options);
    }
}
