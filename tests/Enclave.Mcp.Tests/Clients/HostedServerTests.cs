using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>MCP servers as services of an application.</summary>
public sealed class HostedServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mcp", "Address is mcp; expected a whole address of https:.")]
    [InlineData("http://ann:secret@a.example/mcp", "Address is one with a user's name; expected an address without credentials: ")]
    [InlineData("ftp://ann:secret@a.example/mcp", "Address is one with a user's name; expected an address without credentials: ")]
    [InlineData("ftp://a.example/mcp", "Address is ftp://a.example/mcp; expected a whole address of https:.")]
    [InlineData("http://a.example/mcp", "Address is http://a.example; expected https: ")]
    public async Task A_wrong_address_is_named_without_its_credentials(string address, string says)
    {
        var options = new McpSourceOptions { Name = "a", Address = new Uri(address, UriKind.RelativeOrAbsolute) };

        ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() => McpToolSource.ConnectAsync(options, null, Token));

        Assert.StartsWith(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_applications_servers_are_connected_when_it_starts_and_eight_callers_share_them()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEnclave((options) => options.OnToolApproval = (request) => new(ToolApproval.Approved))
            .AddMcpServer(new McpSourceOptions { Name = "everything", Command = NpmServer.Everything() })
            .AddMcpServer(new McpSourceOptions { Name = "github", Command = Fleet("github") });
        using IHost app = builder.Build();
        await app.StartAsync(Token);
        IEnclave enclave = app.Services.GetRequiredService<IEnclave>();

        ExecutionResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select((n) => enclave.RunAsync(
            "return [await tools.everything.echo({ message: `${n}` }), await tools.github.list_issues()]",
            new RunOptions { Globals = new Dictionary<string, object?> { ["n"] = n } }, Token)));

        for (int n = 0; n < 8; n++) Assert.Equal($"[\"Echo: {n}\",\"github list_issues\"]", results[n].Success
            ? results[n].Value.ToJsonString()
            : results[n].Error!.Message);
        Assert.Equal(40, app.Services.GetRequiredKeyedService<McpToolSource>("github").Tools.Count);
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task An_application_whose_server_does_not_start_says_which()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEnclave().AddMcpServer(new McpSourceOptions { Name = "crm", Command = new McpCommand("no-such-program") });
        using IHost app = builder.Build();

        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(() => app.StartAsync(Token));

        Assert.Contains("no-such-program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_ends_its_servers_without_awaiting()
    {
        var services = new ServiceCollection();
        services.AddEnclave().AddMcpServer(new McpSourceOptions { Name = "github", Command = Fleet("github") });
        ServiceProvider provider = services.BuildServiceProvider();
        McpToolSource source = provider.GetRequiredKeyedService<McpToolSource>("github");
        await source.RefreshAsync(Token);

        // A container that finds a service that can only be disposed asynchronously throws.
        await Within.Deadline(Task.Run(provider.Dispose), "end of the container");
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEnclave().AddMcpServer(
            new McpSourceOptions { Name = "a b", Command = new McpCommand("x") }));

    private static McpCommand Fleet(string name) =>
        new(NpmServer.Node) { Arguments = [Path.Combine(Repository.Root, "tests", "Enclave.Mcp.Tests", "fleet", "servers.mjs"), "stdio", name] };
}
