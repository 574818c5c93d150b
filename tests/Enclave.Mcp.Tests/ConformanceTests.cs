using System.Text.RegularExpressions;
using Enclave.Mcp.Tests.Http;

namespace Enclave.Mcp.Tests;

/// <summary>The conformance tests of the protocol's makers: of our client behind the gateway, and of our server over HTTP.</summary>
public sealed partial class ConformanceTests : IDisposable
{
    /// <summary>Scenarios for clients that do not pass, with the reason. docs/mcp.md has them too.</summary>
    private static readonly Dictionary<string, string> s_leftOut = new()
    {
        ["elicitation-sep1034-client-defaults"] = "a script has nobody to ask, so the capability is not declared",
        ["auth/"] = "no OAuth flow is made: credentials are the operator's",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-conformance-").FullName;

    private static string Program => Path.Combine(Interop.Modules, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("initialize")]
    [InlineData("tools_call")]
    [InlineData("sse-retry")]
    public async Task A_scenario_for_clients_passes(string scenario)
    {
        string client = $"{NpmServer.Node} {Path.Combine(Interop.Scripts, "gateway-client.mjs")} {Interop.Cli}";

        (int status, string output) = await Interop.NodeAsync(_folder, Token, Program, "client", "--command", client, "--scenario", scenario, "--timeout",
            "60000");

        Assert.True(status == 0, output);
        Assert.Contains("0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_scenario_for_clients_passes_or_has_a_reason()
    {
        (_, string list) = await Interop.NodeAsync(_folder, Token, Program, "list");
        string[] scenarios = [.. Scenario().Matches(list[list.IndexOf("Client scenarios", StringComparison.Ordinal)..])
            .Select((match) => match.Groups[1].Value)];

        Assert.Equal(26, scenarios.Length);
        Assert.Equal(
            ["initialize", "tools_call", "sse-retry"],
                scenarios.Where((scenario) => !s_leftOut.Keys.Any((key) => scenario.StartsWith(key, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task All_scenarios_for_servers_pass()
    {
        (_, string list) = await Interop.NodeAsync(_folder, Token, Program, "list");
        string[] scenarios = [.. Scenario().Matches(list[..list.IndexOf("Client scenarios", StringComparison.Ordinal)])
            .Select((match) => match.Groups[1].Value)];
        await using McpApp app = await McpApp.StartAsync((options) => options.Configure = (context, settings) => ConformanceFixture.AddTo(settings));

        (int status, string output) = await Interop.NodeAsync(_folder, Token, Program, "server", "--url", app.Address.ToString(), "--suite", "all");

        Assert.True(status == 0, output);
        Assert.Equal(32, scenarios.Length);
        Assert.All(scenarios, (scenario) => Assert.Matches($"✓ {Regex.Escape(scenario)}: \\d+ passed, 0 failed", output));
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^  - (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Scenario();
}
