using System.Text.Json;
using Enclave.Mcp.Tests.Http;

namespace Enclave.Mcp.Tests;

/// <summary>The client of <c>@modelcontextprotocol/sdk</c> in front of <c>/mcp</c>. The conformance tests have it in front of <c>enclave mcp</c>.</summary>
public sealed class SdkClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-sdk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_lists_runs_is_told_of_progress_approves_and_ends_its_session_over_http()
    {
        await using McpApp app = await McpApp.StartAsync(hasTokens: true);

        (int status, string output) = await Interop.NodeAsync(
            _folder, TestContext.Current.CancellationToken, Path.Combine(Interop.Scripts, "http-client.mjs"), app.Address.ToString(), McpApp.AnnsToken);

        Assert.True(status == 0, output);
        JsonElement said = JsonElement.Parse(output);
        Assert.Equal("""["run_code","search_tools","describe_tools"]""", said.GetProperty("tools").GetRawText());
        Assert.Equal("""{"value":["north",3,"paid 7"]}""", said.GetProperty("answer").GetRawText());
        Assert.Equal("""["orders:list","tenant","orders:pay"]""", said.GetProperty("steps").GetRawText());
        Assert.True(said.GetProperty("hasSession").GetBoolean());
    }
}
