using System.Text.Json;
using Enclave.Mcp.Tests.Http;

namespace Enclave.Mcp.Tests;

/// <summary>The inspector's command line in front of our servers.</summary>
public sealed class InspectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-inspector-").FullName;

    private static string Program => Path.Combine(Interop.Modules, "node_modules", "@modelcontextprotocol", "inspector", "clients", "cli", "build", "index.js");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_lists_and_calls_tools_over_http_with_a_token()
    {
        await using McpApp app = await McpApp.StartAsync(hasTokens: true);
        string[] server = [app.Address.ToString(), "--transport", "http", "--header", $"Authorization: Bearer {McpApp.AnnsToken}"];

        await ListsAsync(server);
        Assert.Equal("north", (await CallAsync(server, "return await callTool('tenant')")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task It_lists_and_calls_tools_of_the_command_line()
    {
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        // The inspector gives a server six variables of its own, and kills one that takes seconds to end: its debugger's pipes would stay in /tmp.
        string[] server = ["env", "DOTNET_EnableDiagnostics=0", dotnet, Interop.Cli, "mcp"];

        await ListsAsync(server);
        Assert.Equal(42, (await CallAsync(server, "return 6 * 7")).GetProperty("value").GetInt32());
    }

    private async Task ListsAsync(string[] server)
    {
        JsonElement listed = await RunAsync([.. server, "--method", "tools/list"]);
        Assert.Equal(["run_code", "search_tools", "describe_tools"],
            listed.GetProperty("tools").EnumerateArray().Select((tool) => tool.GetProperty("name").GetString()));
    }

    private async Task<JsonElement> CallAsync(string[] server, string code) =>
        (await RunAsync([.. server, "--method", "tools/call", "--tool-name", "run_code", "--tool-arg", $"code={code}"])).GetProperty("structuredContent");

    private async Task<JsonElement> RunAsync(string[] arguments)
    {
        (int status, string output) = await Interop.NodeAsync(_folder, TestContext.Current.CancellationToken, [Program, .. arguments]);
        Assert.True(status == 0, output);
        int begin = output.IndexOf('{', StringComparison.Ordinal), end = output.LastIndexOf('}');
        Assert.True(begin >= 0 && end > begin, output);
        return JsonElement.Parse(output[begin..(end + 1)]);
    }
}
