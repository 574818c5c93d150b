using System.IO.Pipelines;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Servers;

/// <summary>What a client gets of scripts beside their value: files, the values of its conversation, answers before the end.</summary>
public sealed class ModelSurfaceTests : IAsyncLifetime
{
    private readonly Pipe _toServer = new(), _toClient = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EnclaveHost _enclave = null!;
    private Task _served = Task.CompletedTask;
    private McpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new EnclaveOptions { Timeout = TimeSpan.FromMinutes(2) };
        options.Tools.Add("gate", (CancellationToken token) => _go.Task.WaitAsync(token));
        _enclave = new EnclaveHost(options);
        _served = CodeServer.RunAsync(
            _enclave,
            _toServer.Reader.AsStream(),
            _toClient.Writer.AsStream(),
            new CodeServerOptions { YieldAfter = TimeSpan.FromMilliseconds(500), MaxResultTokens = 350, Run = new RunOptions { Conversation = "stdio" } },
            null,
            Token);
        _client = await McpClient.CreateAsync(
            new StreamClientTransport(_toServer.Writer.AsStream(), _toClient.Reader.AsStream()), cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _toServer.Writer.CompleteAsync();
        await Within.Deadline(_served, "end of the server");
        await _enclave.DisposeAsync();
    }

    [Fact]
    public async Task Files_are_content_by_their_type()
    {
        CallToolResult answer = await Ended(
            """
            const file = (mimeType, name) => ({ mimeType, name, data: new Uint8Array([7]) });
            return [file('image/png'), file('audio/wav'), file('text/csv', 'a b.csv')];
            """);

        Assert.Equal(4, answer.Content.Count);
        Assert.Equal("image/png", Assert.IsType<ImageContentBlock>(answer.Content[1]).MimeType);
        Assert.Equal([7], Assert.IsType<AudioContentBlock>(answer.Content[2]).DecodedData.ToArray());
        var table = Assert.IsType<BlobResourceContents>(Assert.IsType<EmbeddedResourceBlock>(answer.Content[3]).Resource);
        Assert.Equal(("enclave:///result/3/a%20b.csv", "text/csv"), (table.Uri, table.MimeType));
        Assert.Equal(3, answer.StructuredContent!.Value.GetProperty("value")[2].GetProperty("file").GetInt32());
    }

    [Fact]
    public async Task A_long_value_is_cut_and_the_rest_can_be_loaded()
    {
        CallToolResult cut = await Ended("const all = Array.from({ length: 999 }, (_, i) => i); await store('all', all); return all");
        CallToolResult rest = await Ended("return (await load('all')).at(-1)");

        Assert.NotEqual(true, cut.IsError);
        Assert.Contains("store(key, value)", cut.StructuredContent!.Value.GetProperty("leftOut").GetString(), StringComparison.Ordinal);
        Assert.Equal("{\"value\":998}", rest.StructuredContent!.Value.GetRawText());
        Assert.Contains("declare const load:", (await _client.ListToolsAsync(cancellationToken: Token))[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_takes_long_is_waited_for()
    {
        CallToolResult begun = await Call("run_code", ("code", "console.log('begun'); await callTool('gate'); return 'done'"));
        string handle = begun.StructuredContent!.Value.GetProperty("running").GetString()!;
        Assert.NotEqual(true, begun.IsError);

        _go.SetResult();
        CallToolResult ended = await Call("wait_code", ("running", handle), ("seconds", 60));

        Assert.Equal("done", ended.StructuredContent!.Value.GetProperty("value").GetString());
        Assert.True((await Call("wait_code", ("running", handle))).IsError);
    }

    /// <summary>The answer at the end, on however busy a machine.</summary>
    private async Task<CallToolResult> Ended(string code)
    {
        CallToolResult answer = await Call("run_code", ("code", code));
        return answer.StructuredContent!.Value.TryGetProperty("running", out JsonElement handle)
            ? await Call("wait_code", ("running", handle.GetString()!), ("seconds", 60))
            : answer;
    }

    private async Task<CallToolResult> Call(string tool, params (string Name, object Value)[] arguments) => await _client.CallToolAsync(
        tool, arguments.ToDictionary((argument) => argument.Name, object? (argument) => argument.Value), cancellationToken: Token);
}
