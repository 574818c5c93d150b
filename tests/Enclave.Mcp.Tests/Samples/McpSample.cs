namespace Enclave.Mcp.Tests;

/// <summary>The sample of docs/mcp.md: tools of a server in a script.</summary>
public sealed class McpSample : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-mcp-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_script_counts_words_over_the_files_of_a_server()
    {
        McpCommand command = NpmServer.Filesystem(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "one two three", TestContext.Current.CancellationToken);
        var asked = new List<string>();
        // sample
        await using McpToolSource files = await McpToolSource.ConnectAsync(
            new McpSourceOptions { Name = "files", Command = command, Approval = McpApproval.UnlessReadOnly });
        var options = new EnclaveOptions
        {
            OnToolApproval = (request) =>
            {
                asked.Add(request.Tool.Name);
                return new(ToolApproval.Approved);
            },
        };
        options.Tools.Add(files);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            """
            const { content } = await callTool('files:read_text_file', { path: `${folder}/a.txt` });
            const words = content.split(' ').length;
            await callTool('files:write_file', { path: `${folder}/count.txt`, content: `${words}` });
            return words;
            """,
            new RunOptions { Globals = new Dictionary<string, object?> { ["folder"] = _folder } });
        // end

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(3, result.Value.AsInt32());
        Assert.Equal(["files:write_file"], asked);
        Assert.Equal("3", await File.ReadAllTextAsync(Path.Combine(_folder, "count.txt"), TestContext.Current.CancellationToken));
    }
}
