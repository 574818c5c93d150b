using System.Text.RegularExpressions;
using Enclave.Mcp.Tests.Http;
using Enclave.Tests;

namespace Enclave.Mcp.Tests;

/// <summary>The conformance tests of the protocol's makers: of our client behind the gateway, and of our server over HTTP.</summary>
public sealed partial class ConformanceTests : IDisposable
{
    /// <summary>Scenarios for clients that do not pass, with the reason. docs/mcp.md has them too.</summary>
    private static readonly Dictionary<string, string> s_leftOut = new()
    {
        ["elicitation-sep1034-client-defaults"] = "a script has nobody to ask, so the capability is not declared",
        ["auth/client-credentials-basic"] = "an extension (SEP-1046)",
        ["auth/client-credentials-jwt"] = "an extension (SEP-1046)",
        ["auth/cross-app-access-complete-flow"] = "an extension (SEP-990)",
        ["auth/2025-03-26-oauth-endpoint-fallback"] = "a provider that does not say that it checks S256 (PKCE) gets no code to redeem",
    };

    private static readonly string[] s_usual =
        ["initialize", "tools_call", "sse-retry", "auth/basic-cimd", "auth/pre-registration", "auth/scope-step-up"];

    private static readonly string[] s_withFullCounts =
    [
        "auth/metadata-default", "auth/metadata-var1", "auth/metadata-var2", "auth/metadata-var3", "auth/scope-from-www-authenticate",
        "auth/scope-from-scopes-supported", "auth/scope-omitted-when-undefined", "auth/scope-retry-limit", "auth/token-endpoint-auth-basic",
        "auth/token-endpoint-auth-post", "auth/token-endpoint-auth-none", "auth/2025-03-26-oauth-metadata-backcompat", "auth/resource-mismatch",
        "auth/offline-access-scope", "auth/offline-access-not-supported",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-conformance-").FullName;

    public static TheoryData<string> Passing => [.. TestSize.Full ? s_usual.Concat(s_withFullCounts) : s_usual];

    private static string Program => Path.Combine(Interop.Modules, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_scenario_for_clients_passes(string scenario)
    {
        // A shell reads the command.
        string client = $"'{NpmServer.Node}' '{Path.Combine(Interop.Scripts, "gateway-client.mjs")}' '{Interop.Cli}'";

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
        Assert.Equal(scenarios.Order(), s_usual.Concat(s_withFullCounts).Concat(s_leftOut.Keys).Order());
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
