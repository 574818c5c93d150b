using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Mcp.Tests.Samples;

/// <summary>The sample of docs/mcp.md: an MCP server in an application, for callers with a token.</summary>
public sealed class McpHttpSample
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"agent","version":"1"}}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_with_a_token_may_open_a_session_and_nobody_else()
    {
        const string secret = "a-secret-of-at-least-thirty-two-characters";
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // sample
        builder.Services.AddEnclave((options) => options.Tools.Add("orders:count", (string status) => status == "open" ? 3 : 0));
        builder.Services.AddEnclaveMcp((mcp) => mcp.MaxSessionsPerOwner = 20);
        builder.Services.AddEnclaveBrokerTokens((tokens) => tokens.Add(secret, owner: "shop-agent", tenant: "shop"));

        WebApplication app = builder.Build();
        app.MapEnclaveMcp("/mcp").RequireAuthorization();
        // end
        await using WebApplication running = app;
        await running.StartAsync(Token);
        string address = running.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(http, null));
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(http, secret));
    }

    private static async Task<HttpStatusCode> OpenAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(Initialize, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
