using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Servers that go, come back, and change their tools.</summary>
public sealed class ReconnectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-reconnect-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_server_that_died_is_started_again_for_the_next_call()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("death-once"), null, Token);
        await using EnclaveHost enclave = Host(source);

        Assert.Equal("MCP_DISCONNECTED", await Act(enclave));
        Assert.Equal("answered after one death", await Act(enclave));
    }

    [Fact]
    public async Task A_server_that_does_not_come_back_is_started_after_longer_and_longer_pauses()
    {
        var clock = new ManualClock();
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("never-again") with { TimeProvider = clock }, null, Token);
        await using EnclaveHost enclave = Host(source);
        await Act(enclave);
        Assert.Equal(1, Starts());

        Assert.True(await IsStartedByACall(enclave), "the first call after the end");
        Assert.False(await IsStartedByACall(enclave), "a call at once");
        foreach (int seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(await IsStartedByACall(enclave), $"a call within the pause of {seconds} s");
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(await IsStartedByACall(enclave), $"a call after the pause of {seconds} s");
        }
    }

    [Fact]
    public async Task A_list_that_changed_brings_new_tools_takes_old_ones_and_leaves_the_others_as_they_were()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options("changing"), null, Token);
        await using EnclaveHost enclave = Host(source);
        ToolDefinition act = Tool("act"), other = Tool("other");
        Assert.Equal("answered", await Value(enclave, "old"));

        Assert.Equal("answered", await Act(enclave));
        await Within.Becomes(() => source.Tools.Any((tool) => tool.Name == "hostile:fresh"), "the new tool is there");

        Assert.Equal(["hostile:act", "hostile:fresh", "hostile:other"], source.Tools.Select((tool) => tool.Name));
        Assert.Equal("answered", await Value(enclave, "fresh"));
        ExecutionResult refused = await enclave.RunAsync("return await callTool('hostile:old')", cancellationToken: Token);
        Assert.False(refused.Success);
        Assert.Contains("hostile:old", refused.Error!.Message, StringComparison.Ordinal);
        // The same tool keeps its counts; one with another description is another.
        Assert.Same(act, Tool("act"));
        Assert.NotSame(other, Tool("other"));
        Assert.Contains("It is another.", enclave.DescribeForModel(), StringComparison.Ordinal);
        Assert.DoesNotContain("hostile:old", enclave.DescribeForModel(), StringComparison.Ordinal);

        ToolDefinition Tool(string name) => source.Tools.Single((tool) => tool.Name == $"hostile:{name}");
    }

    [Fact]
    public async Task A_new_tool_that_needs_an_approval_is_refused_where_the_host_asks_nobody()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            Options("changing") with { Tool = (tool, limits) => limits with { RequiresApproval = tool.Name == "fresh" } }, null, Token);
        await using EnclaveHost enclave = Host(source);
        await Act(enclave);
        await Within.Becomes(() => source.Tools.Any((tool) => tool.Name == "hostile:fresh"), "the new tool is there");

        ExecutionResult result = await enclave.RunAsync(
            "return await callTool('hostile:fresh').catch((e) => `${e.code} ${e.message}`)", cancellationToken: Token);

        Assert.Equal(
            "TOOL_APPROVAL_DENIED hostile:fresh was not approved: this host has nobody to ask (OnToolApproval is null)", result.Value.AsString());
    }

    private McpSourceOptions Options(string harm) => new() { Name = "hostile", Command = NpmServer.Hostile(harm, File) };

    private int Starts() => System.IO.File.ReadAllLines(File).Length;

    private async Task<bool> IsStartedByACall(EnclaveHost enclave)
    {
        int before = Starts();
        Assert.Equal("MCP_DISCONNECTED", await Act(enclave));
        return Starts() > before;
    }

    private static Task<string> Act(EnclaveHost enclave) => Value(enclave, "act");

    private static async Task<string> Value(EnclaveHost enclave, string tool)
    {
        ExecutionResult result = await enclave.RunAsync($"return await callTool('hostile:{tool}').catch((e) => e.code)", cancellationToken: Token);
        Assert.True(result.Success, result.Error?.Message);
        return result.Value.AsString();
    }

    private static EnclaveHost Host(McpToolSource source)
    {
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        return new EnclaveHost(options);
    }
}
