using System.Net.Http.Headers;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Http;

/// <summary><c>/mcp</c> of a broker whose sessions run on runtimes.</summary>
public sealed class RuntimeServeTests : IAsyncLifetime
{
    private const string Secret = "token-of-the-broker-0123456789", RuntimeSecret = "token-of-the-runtime-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-runtime-mcp-").FullName;
    private CliServer _runtime = null!, _broker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Waiting => Path.Combine(_folder, "waiting");

    public async ValueTask InitializeAsync()
    {
        _runtime = await CliServer.StartAsync(["runtime", "--level", "secure"], ("ENCLAVE_TOKEN", RuntimeSecret));
        string address = _runtime.Address.Replace("http://", "ws://", StringComparison.Ordinal);
        _broker = await CliServer.StartAsync(
            ["serve", "--debug", "--runtime", address, "--tool", "crm:find=cat", "--tool", $"wait=touch {Waiting}; sleep 60"],
            ("ENCLAVE_TOKEN", Secret), ("ENCLAVE_RUNTIME_TOKEN", RuntimeSecret));
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _runtime.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_script_runs_on_the_runtime_and_calls_the_brokers_tools()
    {
        await using McpClient client = await ConnectAsync();

        JsonElement answer = await RunAsync(client, "console.log('hello'); return (await tools.crm.find({ name: 'Ada' })).name");
        JsonElement sessions = await SessionsAsync();

        Assert.Equal("""{"value":"Ada","console":"hello\n"}""", answer.GetRawText());
        JsonElement session = Assert.Single(sessions.GetProperty("sessions").EnumerateArray());
        Assert.Equal(("completed", 1), (session.GetProperty("state").GetString(), session.GetProperty("stats").GetProperty("toolCallCount").GetInt32()));
    }

    [Fact]
    public async Task A_model_learns_the_runtimes_level_and_finds_the_tools_of_the_command_line()
    {
        await using McpClient client = await ConnectAsync();

        IList<McpClientTool> tools = await client.ListToolsAsync(cancellationToken: Token);
        CallToolResult found = await client.CallToolAsync("search_tools", new Dictionary<string, object?> { ["query"] = "find crm" }, cancellationToken: Token);
        CallToolResult declared = await client.CallToolAsync(
            "describe_tools", new Dictionary<string, object?> { ["names"] = new[] { "crm:find" } }, cancellationToken: Token);

        Assert.Equal(["run_code", "search_tools", "describe_tools"], tools.Select((tool) => tool.Name));
        string local = await DescriptionOfAsync("secure");
        Assert.Contains("crm:find", tools[0].Description, StringComparison.Ordinal);
        Assert.Equal(Language(local), Language(tools[0].Description));
        Assert.Contains("500000 rounds of one loop", tools[0].Description, StringComparison.Ordinal);
        Assert.Contains("10000000 rounds of one loop", await DescriptionOfAsync("permissive"), StringComparison.Ordinal);
        Assert.Equal("crm:find", found.StructuredContent!.Value.GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.Contains("crm:find", Assert.IsType<TextContentBlock>(declared.Content[0]).Text, StringComparison.Ordinal);

        // The line with the times differs: a session has the broker's.
        static string Language(string description) =>
            string.Join('\n', description.Split('\n').Where((line) => !line.StartsWith("Limits: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("let a = ;", "VALIDATION_ERROR", "1")]
    [InlineData("const order = null;\nreturn order.name", "RUNTIME_ERROR", "line 2")]
    [InlineData("return await callTool('crm:fnd', {})", "TOOL_ERROR", "crm:find")]
    public async Task A_failure_is_text_for_the_model(string code, string error, string part)
    {
        await using McpClient client = await ConnectAsync();

        JsonElement answer = await RunAsync(client, code);

        string text = answer.GetProperty("error").GetString()!;
        Assert.StartsWith($"{error}: ", text, StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_of_a_client_that_cancels_end_with_their_session()
    {
        await using McpClient client = await ConnectAsync();
        var id = new RequestId("mine");
        var call = new CallToolRequestParams
        {
            Name = "run_code",
            Arguments = new Dictionary<string, JsonElement> { ["code"] = JsonSerializer.SerializeToElement("return await callTool('wait', {})") },
        };

        _ = client.SendRequestAsync<CallToolRequestParams, CallToolResult>(
            RequestMethods.ToolsCall, call, McpJsonUtilities.DefaultOptions, id, Token).AsTask();
        await Within.Becomes(() => File.Exists(Waiting), "call of the tool");
        await client.SendNotificationAsync(
            NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = id }, McpJsonUtilities.DefaultOptions, Token);

        await Within.Deadline(CancelledAsync(), "cancelled session");

        async Task CancelledAsync()
        {
            while ((await SessionsAsync()).GetProperty("sessions")[0].GetProperty("state").GetString() is not "cancelled") await Task.Yield();
        }
    }

    [Fact]
    public async Task A_lost_runtime_costs_the_call_and_not_the_client()
    {
        await using McpClient client = await ConnectAsync();

        Task<JsonElement> waiting = RunAsync(client, "return await callTool('wait', {})");
        await Within.Becomes(() => File.Exists(Waiting), "call of the tool");
        _runtime.Kill();

        Assert.StartsWith("WORKER_CRASHED: ", (await waiting).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, (await client.ListToolsAsync(cancellationToken: Token)).Count);
    }

    [Fact]
    public async Task Eight_clients_at_once_get_each_their_own_answer_and_no_token_is_logged()
    {
        McpClient[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select((_) => ConnectAsync()));

        JsonElement[] answers = await Task.WhenAll(clients.Select((client, i) => RunAsync(client, $"return (await tools.crm.find({{ i: {i} }})).i")));

        Assert.Equal(Enumerable.Range(0, 8), answers.Select((answer) => answer.GetProperty("value").GetInt32()));
        foreach (McpClient client in clients) await client.DisposeAsync();
        string log = await _broker.StopAsync() + await _runtime.StopAsync();
        Assert.DoesNotContain("token-of", log, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> RunAsync(McpClient client, string code)
    {
        CallToolResult answer = await client.CallToolAsync("run_code", new Dictionary<string, object?> { ["code"] = code }, cancellationToken: Token);
        return answer.StructuredContent!.Value;
    }

    /// <summary>The description of <c>run_code</c> of a broker with workers of its own at a level.</summary>
    private static async Task<string> DescriptionOfAsync(string level)
    {
        await using CliServer local = await CliServer.StartAsync(
            ["serve", "--level", level, "--tool", "crm:find=cat", "--tool", "wait=true"], ("ENCLAVE_TOKEN", Secret));
        await using McpClient client = await ConnectAsync(local);
        return (await client.ListToolsAsync(cancellationToken: Token))[0].Description;
    }

    private async Task<JsonElement> SessionsAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        return JsonElement.Parse(await http.GetStringAsync(new Uri($"{_broker.Address}/sessions"), Token));
    }

    private Task<McpClient> ConnectAsync() => ConnectAsync(_broker);

    private static Task<McpClient> ConnectAsync(CliServer broker) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri($"{broker.Address}/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {Secret}" },
        }),
        new McpClientOptions { ProtocolVersion = "2025-11-25" }, cancellationToken: Token);
}
