namespace Enclave.Mcp.Tests.Clients;

/// <summary>A source with one tenant's credentials serves that tenant alone.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private readonly List<string?> _asked = [];
    private McpToolSource _source = null!;
    private EnclaveHost _enclave = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        McpCommand command = NpmServer.Hostile("plain") with { SecretEnvironment = new Dictionary<string, string> { ["KEY"] = "{KEY}" } };
        var options = new EnclaveOptions();
        _source = await McpToolSource.ConnectAsync(
            new McpSourceOptions
            {
                Name = "crm",
                Command = command,
                Tenant = "north",
                Secrets = SecretSources.Of((name, tenant, token) =>
                {
                    _asked.Add(tenant);
                    return new("key-of-the-north");
                }),
            }, null, Token);
        options.Tools.Add(_source).Add("fine", () => "fine");
        _enclave = new EnclaveHost(options);
    }

    public async ValueTask DisposeAsync()
    {
        await _enclave.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Theory]
    [InlineData("north", true)]
    [InlineData("south", false)]
    [InlineData("North", false)]
    [InlineData(null, false)]
    public async Task Only_its_runs_see_and_call_the_tools(string? tenant, bool isOpen)
    {
        var run = new RunOptions { Tenant = tenant };

        ExecutionResult result = await _enclave.RunAsync("return await callTool('crm:act').catch((e) => e.code)", run, Token);
        ExecutionResult written = await _enclave.RunAsync("return await tools.crm.act({})", run, Token);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(isOpen ? "answered" : "TOOL_NOT_ALLOWED", result.Value.AsString());
        Assert.Equal(isOpen, written.Success);
        Assert.Equal(isOpen, _enclave.DescribeForModel(options: run).Contains("crm", StringComparison.Ordinal));
        Assert.Equal(isOpen, _enclave.DescribeForModelWithin(1_000, run).Contains("crm", StringComparison.Ordinal));
        Assert.Equal(isOpen, _enclave.SearchTools("act", options: run).Any((tool) => tool.Name == "crm:act"));
        Assert.Equal(isOpen, _enclave.DescribeTools(["crm:act"], run).Contains("declare", StringComparison.Ordinal));
        Assert.Equal(["north"], _asked);
    }

    [Fact]
    public async Task Tools_of_one_run_are_as_closed()
    {
        await using var other = new EnclaveHost(new EnclaveOptions());
        const string Script = "return await callTool('crm:act').catch((e) => e.code)";

        ExecutionResult north = await other.RunAsync(Script, new RunOptions { Tenant = "north", Tools = new ToolCollection().Add(_source) }, Token);
        ExecutionResult south = await other.RunAsync(Script, new RunOptions { Tenant = "south", Tools = new ToolCollection().Add(_source) }, Token);

        Assert.Equal(("answered", "TOOL_NOT_ALLOWED"), (north.Value.AsString(), south.Value.AsString()));
    }

    [Theory]
    [InlineData(new[] { "south" }, new string[0])]
    [InlineData(new[] { "south", "north" }, new[] { "north" })]
    [InlineData(null, new[] { "north" })]
    public async Task The_function_of_the_operator_opens_them_to_nobody_else(string[]? allowed, string[] left)
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            new McpSourceOptions
            {
                Name = "crm",
                Command = NpmServer.Hostile("plain"),
                Tenant = "north",
                Tool = (tool, limits) => limits with { AllowedTenants = allowed },
            }, null, Token);

        Assert.Equal(left, Assert.Single(source.Tools).Options.AllowedTenants);
    }
}
