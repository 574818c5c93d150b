using System.ComponentModel;
using Enclave.Mcp.Tests.Http;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>The library's own servers of the revision without sessions, behind a router, as sources of tools: also those that ask, or never answer.</summary>
public sealed class InputRequiredTests : IAsyncLifetime
{
    private static int s_rounds;

    private readonly List<WebApplication> _servers = [];
    private Router _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        s_rounds = 0;
        Uri[] addresses = [await StartAsync(), await StartAsync()];
        _router = await Router.StartAsync(addresses);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        foreach (WebApplication server in _servers) await server.DisposeAsync();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("twice", "after twice")]
    [InlineData("asks", "MCP_REFUSED|MCP_DISCONNECTED")]
    [InlineData("endless", "MCP_REFUSED|MCP_DISCONNECTED")]
    public async Task A_server_that_asks_during_a_call_has_nobody_to_ask_and_a_bound(string tool, string outcome)
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            new McpSourceOptions { Name = "server", Address = _router.Address, Approval = McpApproval.Never }, null, Token);
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            $"return [await callTool('server:{tool}').catch((fault) => fault.code), await callTool('server:plain')]",
            cancellationToken: Token);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Contains(result.Value[0].AsString(), outcome.Split('|'));
        Assert.Equal("plain", result.Value[1].AsString());
        Assert.InRange(Volatile.Read(ref s_rounds), 0, 11);
        Assert.All(_router.Requests, (requests) => Assert.InRange(requests, 1, 20));
    }

    private async Task<Uri> StartAsync()
    {
        WebApplicationBuilder builder = LocalWeb.Builder();
        builder.Services.AddMcpServer().WithHttpTransport().WithTools<Tools>();
        WebApplication app = builder.Build();
        app.MapMcp("/mcp");
        _servers.Add(app);
        return new Uri(await LocalWeb.Start(app), "mcp");
    }

    [McpServerToolType]
    private sealed class Tools
    {
        [McpServerTool(Name = "plain"), Description("Answers.")]
        public static string Plain() => "plain";

        [McpServerTool(Name = "twice"), Description("Sends the client away once.")]
        public static string Twice(RequestContext<CallToolRequestParams> request) =>
            request.Params.RequestState is { } state ? $"after {state}" : throw new InputRequiredException(requestState: "twice");

        [McpServerTool(Name = "asks"), Description("Asks the person.")]
        public static string Asks() => throw new InputRequiredException(new Dictionary<string, InputRequest>
        {
            ["name"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "What is your password?", RequestedSchema = new() }),
        });

        [McpServerTool(Name = "endless"), Description("Sends the client away for ever.")]
        public static string Endless()
        {
            Interlocked.Increment(ref s_rounds);
            throw new InputRequiredException(requestState: "again");
        }
    }
}
