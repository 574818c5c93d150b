using System.Text.Json;

namespace Enclave.Mcp.Tests;

/// <summary>
/// Servers that others publish: each of their tools gives scripts of <c>enclave mcp</c> the answer that it gives the client of
/// <c>@modelcontextprotocol/sdk</c>. The servers and the calls are in <c>interop/public-servers.mjs</c>.
/// </summary>
public sealed class PublicServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-public-server-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("everything", 13, 12, "simulate-research-query")]
    [InlineData("filesystem", 14, 14, null)]
    [InlineData("memory", 9, 9, null)]
    [InlineData("sequentialthinking", 1, 1, null)]
    [InlineData("notion", 24, 24, null)]
    [InlineData("budget", 1, 1, null)]
    [InlineData("hello", 3, 3, null)]
    [InlineData("playwright", 25, 25, null)]
    public async Task Its_tools_answer_scripts_as_they_answer_the_client_of_the_sdk(string server, int listed, int called, string? leftOut)
    {
        (int status, string output) = await Interop.NodeAsync(
            _folder, TestContext.Current.CancellationToken, Path.Combine(Interop.Scripts, "compare-server.mjs"), Interop.Cli, server);

        Assert.True(status == 0, output);
        JsonElement said = JsonElement.Parse(output);
        Assert.Equal("[]", said.GetProperty("differences").GetRawText());
        Assert.Equal((listed, called), (said.GetProperty("listed").GetInt32(), said.GetProperty("called").GetInt32()));
        Assert.Equal(leftOut is null ? [] : [leftOut], said.GetProperty("notCalled").EnumerateArray().Select((tool) => tool.GetString()));
        Assert.Equal(
            leftOut is null ? [] : [$"{server}: {called} tools, 1 left out", $"  {leftOut}: it runs only as a task, and tasks are not supported"],
            said.GetProperty("leftOut").EnumerateArray().Select((line) => line.GetString()));
    }
}
