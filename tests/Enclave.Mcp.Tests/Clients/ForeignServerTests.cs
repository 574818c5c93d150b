using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Scripts call tools of servers that nobody here wrote.</summary>
public sealed class ForeignServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-mcp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_everything_server_gives_text_structures_pictures_and_resources()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(new McpSourceOptions { Name = "everything", Command = NpmServer.Everything() },
            null, TestContext.Current.CancellationToken);
        await using EnclaveHost enclave = Host(source);

        Assert.Contains("everything:get_sum", source.Tools.Select((tool) => tool.Name));
        Assert.Contains("3", (await Value(enclave, "await callTool('everything:get_sum', { a: 1, b: 2 })")).AsString(), StringComparison.Ordinal);
        Assert.Equal("Echo: hé\u2028", (await Value(enclave, "await callTool('everything:echo', { message: 'hé\\u2028' })")).AsString());
        ScriptValue structured = await Value(enclave, "await callTool('everything:get_structured_content', { location: 'New York' })");
        Assert.Equal(ScriptValueKind.Number, structured["temperature"].Kind);
        ScriptValue picture = await Value(enclave, "(await callTool('everything:get_tiny_image')).find((part) => part.type === 'image')");
        Assert.Equal("image/png", picture["mimeType"].AsString());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture["data"].AsBytes()[..4].ToArray());
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await Value(enclave, "await callTool('everything:get_sum', { a: 'one', b: 2 }).catch((e) => e.code)")).AsString(
            ));
        Assert.Contains("temperature: number", enclave.DescribeForModel(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_reaches_whoever_streams_the_run()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(new McpSourceOptions { Name = "everything", Command = NpmServer.Everything() },
            null, TestContext.Current.CancellationToken);
        await using EnclaveHost enclave = Host(source);
        var fractions = new List<double?>();

        await foreach (ExecutionEvent happened in enclave
            .StreamAsync("return await callTool('everything:trigger_long_running_operation', { duration: 1, steps: 4 })",
                cancellationToken: TestContext.Current.CancellationToken))
        {
            if (happened is ToolProgressEvent progress) fractions.Add(progress.Fraction);
            if (happened is FinishedEvent finished) Assert.True(finished.Result.Success, finished.Result.Error?.Message);
        }

        // The client drops what it handles after the answer, so the last reports are not certain.
        Assert.Contains(0.25, fractions);
        Assert.Contains(0.5, fractions);
    }

    [Fact]
    public async Task The_filesystem_server_reads_and_writes_and_says_what_only_reads()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "hello", TestContext.Current.CancellationToken);
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            new McpSourceOptions { Name = "fs", Command = NpmServer.Filesystem(_folder), Approval = McpApproval.Never }, null,
                TestContext.Current.CancellationToken);
        await using EnclaveHost enclave = Host(source);

        ScriptValue read = await Value(enclave, $"await callTool('fs:read_text_file', {{ path: '{_folder}/a.txt' }})");
        Assert.Contains("hello", read.ToJsonString(), StringComparison.Ordinal);
        await Value(enclave, $"await callTool('fs:write_file', {{ path: '{_folder}/b.txt', content: 'bye' }})");
        Assert.Equal("bye", await File.ReadAllTextAsync(Path.Combine(_folder, "b.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("MCP_TOOL_FAILED", (await Value(enclave, "await callTool('fs:read_text_file', { path: '/etc/passwd' }).catch((e) => e.code)")).AsString());
        Assert.Equal(ToolEffects.Reads, source.Tools.Single((tool) => tool.Name == "fs:read_text_file").Options.Effects);
        Assert.True(source.Tools.Single((tool) => tool.Name == "fs:write_file").Options.Effects.HasFlag(ToolEffects.Writes));
    }

    [Fact]
    public async Task The_memory_server_keeps_a_graph_over_calls()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            new McpSourceOptions { Name = "memory", Command = NpmServer.Memory(Path.Combine(_folder, "memory.jsonl")), Approval = McpApproval.Never }, null,
                TestContext.Current.CancellationToken);
        await using EnclaveHost enclave = Host(source);

        await Value(enclave, "await callTool('memory:create_entities', { entities: [{ name: 'Ann', entityType: 'person', observations: ['likes tea'] }] })");
        ScriptValue graph = await Value(enclave, "await callTool('memory:read_graph')");

        Assert.Equal("Ann", graph["entities"][0]["name"].AsString());
    }

    [Fact]
    public async Task The_environment_of_a_server_holds_nothing_of_ours_and_its_secrets_are_covered()
    {
        Environment.SetEnvironmentVariable("ENCLAVE_TEST_SECRET", "of-this-process");
        var secrets = SecretSources.Of((name, tenant, token) => new ValueTask<string?>(name == "TOKEN" ? "s3cr3t-of-the-server" : null));
        McpCommand command = NpmServer.Everything() with { SecretEnvironment = new Dictionary<string, string> { ["API_KEY"] = "Bearer {TOKEN}" } };
        await using McpToolSource source = await McpToolSource.ConnectAsync(new McpSourceOptions { Name = "everything", Command = command, Secrets = secrets },
            null, TestContext.Current.CancellationToken);
        await using EnclaveHost enclave = Host(source);

        string environment = (await Value(enclave, "await callTool('everything:get_env')")).AsString();

        Assert.Contains("API_KEY\": \"Bearer ***\"", environment, StringComparison.Ordinal);
        Assert.Contains("PATH", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("ENCLAVE_TEST_SECRET", environment, StringComparison.Ordinal);
    }

    private static EnclaveHost Host(McpToolSource source)
    {
        var options = new EnclaveOptions { OnToolApproval = (request) => new(ToolApproval.Denied()) };
        options.Tools.Add(source);
        return new EnclaveHost(options);
    }

    private static async Task<ScriptValue> Value(EnclaveHost enclave, string expression)
    {
        ExecutionResult result = await enclave.RunAsync($"return {expression}");
        Assert.True(result.Success, result.Error?.Message);
        return result.Value;
    }
}
