using System.Runtime.Versioning;
using Enclave.Mcp.Tests.Http;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Servers that want a sign-in (MCP 2025-11-25, Authorization). The conformance tests have the flows; here is what must not happen.</summary>
public sealed class OAuthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_asked_once_and_the_sign_in_outlives_the_source()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        var kept = new KeptTokens();

        await using (McpToolSource first = await McpToolSource.ConnectAsync(Options(server, server.Agreeing(kept)), null, Token))
        {
            Assert.Equal(["crm:describe_tools", "crm:run_code", "crm:search_tools"], first.Tools.Select((tool) => tool.Name).Order());
        }

        await using McpToolSource second = await McpToolSource.ConnectAsync(Options(server, server.Agreeing(kept)), null, Token);

        Assert.Equal((3, 1), (second.Tools.Count, server.People));
        Assert.Equal("refresh-token-of-ann", kept.Current!.RefreshToken);
    }

    [Fact]
    public async Task An_authorization_server_on_this_machine_has_to_be_named()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        server.Named = server.Issuer.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        McpSourceOptions options = Options(server, server.Agreeing());

        await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(options, null, Token));
        Assert.Equal((0, 0), (server.Asked.Count, server.People));

        await using McpToolSource source = await McpToolSource.ConnectAsync(options with { AuthorizationHosts = ["localhost"] }, null, Token);

        Assert.Equal((3, 1), (source.Tools.Count, server.People));
    }

    [Fact]
    public async Task Without_anybody_to_ask_the_server_is_refused_and_the_console_is_left_alone()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        ClientOAuthOptions nobody = server.Agreeing();
        nobody.AuthorizationCallbackHandler = null;

        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(Options(server, nobody), null, Token));

        Assert.DoesNotContain("timed out", fault.Message, StringComparison.Ordinal);
        // Registered once: other revisions of the protocol are not tried at a closed door.
        Assert.Single(server.Asked, "/register");
    }

    [Theory]
    [InlineData("http://169.254.169.254", "http://169.254.169.254 for its sign-in, which is not https:")]
    [InlineData("https://169.254.169.254", "leads to 169.254.169.254")]
    [InlineData("https://10.0.0.1", "leads to 10.0.0.1")]
    [InlineData("http://localhost:1", "for its sign-in, which is not https:")]
    public async Task A_server_cannot_send_the_sign_in_into_networks_of_the_operators(string named, string why)
    {
        await using SignInServer server = await SignInServer.StartAsync();
        server.Named = named;

        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(
            () => McpToolSource.ConnectAsync(Options(server, server.Agreeing()), null, Token));

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.People);
    }

    [Fact]
    public async Task Headers_for_the_server_go_to_no_authorization_server()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        McpSourceOptions options = Options(server, server.Agreeing()) with
        {
            Headers = new Dictionary<string, string> { ["X-Key"] = "plain" },
            SecretHeaders = new Dictionary<string, string> { ["X-Key"] = "{KEY}" },
            Secrets = SecretSources.Of((_, _, _) => new("key-of-the-server")),
        };

        await using McpToolSource source = await McpToolSource.ConnectAsync(options, null, Token);

        Assert.Equal(3, source.Tools.Count);
        Assert.Contains("/token", server.Asked);
        Assert.DoesNotContain(server.Asked, (asked) => asked.Contains(' ', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_are_covered_in_what_the_server_gives()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(server, server.Agreeing()), null, Token);
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            $"return await tools.crm.run_code({{ code: \"return '{McpApp.AnnsToken} refresh-token-of-ann'\" }})", cancellationToken: Token);

        Assert.True(result.Success, result.Error?.Message);
        Assert.DoesNotContain("token-of-ann", result.Value.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("*** ***", result.Value.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_door_without_a_sign_in_is_refused_with_what_opens_it()
    {
        await using SignInServer server = await SignInServer.StartAsync();

        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(
            () => McpToolSource.ConnectAsync(new McpSourceOptions { Name = "crm", Address = server.Address }, null, Token));

        Assert.EndsWith("It asks for credentials: SecretHeaders has a token, OAuth signs in.", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_sign_in_that_cannot_be_is_an_argument()
    {
        var oauth = new ClientOAuthOptions { RedirectUri = new Uri("http://127.0.0.1:1/callback") };
        var address = new Uri("https://mcp.example/mcp");

        await Refused(new McpSourceOptions { Name = "a", Command = new McpCommand("true"), OAuth = oauth }, "OAuth is set for a Command");
        await Refused(
            new McpSourceOptions { Name = "a", Address = address, OAuth = oauth, Headers = new Dictionary<string, string> { ["authorization"] = "x" } },
            "OAuth is set beside a header Authorization");
        await Refused(new McpSourceOptions { Name = "a", Address = address, SignInTimeout = TimeSpan.Zero }, "SignInTimeout is 00:00:00");
#pragma warning disable MCP9007 // It is obsolete, and therefore refused.
        oauth.AuthorizationRedirectDelegate = (_, _, _) => Task.FromResult<string?>(null);
#pragma warning restore MCP9007
        await Refused(new McpSourceOptions { Name = "a", Address = address, OAuth = oauth }, "OAuth.AuthorizationRedirectDelegate is set");
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_command_line_keeps_a_sign_in_in_a_file_of_its_owner()
    {
        await using SignInServer server = await SignInServer.StartAsync();
        string folder = Directory.CreateTempSubdirectory("enclave-sign-ins-").FullName, file = Path.Combine(folder, "sign-ins.json");
        try
        {
            Assert.Equal(1, await SignInsOf(server, file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(0, await SignInsOf(server, file));

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            (int status, string output) = await Interop.RunAsync(
                "dotnet", folder, Token, Interop.Cli, "mcp", "--server", $"crm={server.Address}", "--sign-ins", file);
            Assert.Equal(2, status);
            Assert.Contains($"Remedy: chmod 600 {file}", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Serves the server's tools with <c>enclave mcp</c> once. Returns how often a browser was needed.</summary>
    private static async Task<int> SignInsOf(SignInServer server, string file)
    {
        const string Open = "Open in a browser: ";
        int asked = 0;
        using var browser = new HttpClient();
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [Interop.Cli, "mcp", "--server", $"crm={server.Address}", "--sign-ins", file],
            StandardErrorLines = (line) =>
            {
                int at = line.IndexOf(Open, StringComparison.Ordinal);
                if (at < 0) return;
                Interlocked.Increment(ref asked);
                _ = browser.GetAsync(new Uri(line[(at + Open.Length)..]), Token);
            },
        });
        // A revision with an opening of its own: no time of a slow start decides which one is spoken.
        await using McpClient client = await McpClient.CreateAsync(
            transport, new McpClientOptions { ProtocolVersion = "2025-11-25" }, cancellationToken: Token);
        CallToolResult found = await client.CallToolAsync(
            "search_tools", new Dictionary<string, object?> { ["query"] = "run code" }, cancellationToken: Token);
        Assert.Contains("crm:run_code", found.StructuredContent.ToString(), StringComparison.Ordinal);
        return asked;
    }

    private static async Task Refused(McpSourceOptions options, string why)
    {
        ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() => McpToolSource.ConnectAsync(options, null, Token));
        Assert.StartsWith(why, fault.Message, StringComparison.Ordinal);
    }

    private static McpSourceOptions Options(SignInServer server, ClientOAuthOptions oauth) => new() { Name = "crm", Address = server.Address, OAuth = oauth };
}
