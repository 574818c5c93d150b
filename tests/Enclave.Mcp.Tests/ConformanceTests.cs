namespace Enclave.Mcp.Tests;

/// <summary>The conformance tests of the protocol's makers, for clients: our gateway is the client, and theirs is in front of it.</summary>
/// <remarks>Left out: elicitation-sep1034-client-defaults (a script has nobody to ask: the capability is not declared) and auth/* (credentials are the operator's, and no OAuth flow is made).</remarks>
public sealed class ConformanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-conformance-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("initialize")]
    [InlineData("tools_call")]
    [InlineData("sse-retry")]
    public async Task A_scenario_for_clients_passes(string scenario)
    {
        string program = Path.Combine(Interop.Modules, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
        string client = $"{NpmServer.Node} {Path.Combine(Interop.Scripts, "gateway-client.mjs")} {Interop.Cli}";

        (int status, string output) = await Interop.NodeAsync(_folder, TestContext.Current.CancellationToken, program, "client", "--command", client, "--scenario", scenario, "--timeout", "60000");

        Assert.True(status == 0, output);
        Assert.Contains("0 failed", output, StringComparison.Ordinal);
    }
}
