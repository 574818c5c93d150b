using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests;

/// <summary><c>enclave mcp</c> in front of several servers.</summary>
public sealed class GatewayTests : IDisposable
{
    private const string MailToken = "token-of-the-mail-server-0123", CrmToken = "token-of-the-crm-server-0123";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-gateway-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_script_calls_tools_of_two_servers()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "one two three", Token);
        await using McpClient client = await StartAsync(
            "--server", Server("files", NpmServer.Filesystem(_folder)), "--server", Server("memory", NpmServer.Memory(Path.Combine(_folder, "memory.jsonl"))));

        IList<McpClientTool> tools = await client.ListToolsAsync(cancellationToken: Token);
        JsonElement answer = await RunAsync(
            client,
            $$"""
            const { content } = await tools.files.read_text_file({ path: '{{_folder}}/a.txt' });
            const words = content.split(' ').map((name) => ({ name, entityType: 'word', observations: [] }));
            await tools.memory.create_entities({ entities: words });
            const graph = await tools.memory.read_graph({});
            return graph.entities.map((word) => word.name);
            """);

        Assert.Equal(["run_code", "search_tools", "describe_tools"], tools.Select((tool) => tool.Name));
        Assert.Equal("""{"value":["one","two","three"]}""", answer.GetRawText());
    }

    [Fact]
    public async Task Each_variable_goes_to_its_own_server_and_no_script_sees_its_value()
    {
        await using McpClient client = await StartAsync(
            "--server", Server("mail", NpmServer.Everything()), "--server", Server("crm", NpmServer.Everything()),
            "--server-env", "mail=MAIL_TOKEN", "--server-env", "crm=CRM_TOKEN", "--server-env", "crm=EMPTY");

        JsonElement answer = await RunAsync(client, "return [await tools.mail.get_env({}), await tools.crm.get_env({})]");

        Assert.True(answer.TryGetProperty("value", out JsonElement value), answer.GetRawText());
        JsonElement mail = JsonElement.Parse(value[0].GetString()!), crm = JsonElement.Parse(value[1].GetString()!);
        Assert.Equal("***", mail.GetProperty("MAIL_TOKEN").GetString());
        Assert.Equal("***", crm.GetProperty("CRM_TOKEN").GetString());
        Assert.Equal("", crm.GetProperty("EMPTY").GetString());
        Assert.False(mail.TryGetProperty("CRM_TOKEN", out _) || mail.TryGetProperty("EMPTY", out _) || crm.TryGetProperty("MAIL_TOKEN", out _));
        Assert.DoesNotContain("token-of-the", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_goes_to_the_only_command_without_its_name()
    {
        await using McpClient client = await StartAsync("--server", Server("mail", NpmServer.Everything()), "--server-env", "MAIL_TOKEN");

        JsonElement answer = await RunAsync(client, "return await tools.mail.get_env({})");

        Assert.Equal("***", JsonElement.Parse(answer.GetProperty("value").GetString()!).GetProperty("MAIL_TOKEN").GetString());
    }

    [Fact]
    public async Task Commands_and_fixed_answers_are_tools_that_models_find()
    {
        string answers = Path.Combine(_folder, "answers.json");
        await File.WriteAllTextAsync(answers, """{"weather:today":{"celsius":21}}""", Token);
        await using McpClient client = await StartAsync("--tool", "hosts:list=echo [1,2]", "--tools", answers);

        JsonElement answer = await RunAsync(client, "return [await tools.hosts.list({}), (await tools.weather.today({})).celsius]");
        JsonElement wrong = await RunAsync(client, "return tools.hosts.lst({})");
        CallToolResult found = await client.CallToolAsync("search_tools", new Dictionary<string, object?> { ["query"] = "weather" }, cancellationToken: Token);

        Assert.Equal("""{"value":[[1,2],21]}""", answer.GetRawText());
        Assert.Contains("hosts:list", wrong.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("weather:today", found.StructuredContent!.Value.GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("always", "TOOL_APPROVAL_DENIED", "TOOL_APPROVAL_DENIED")]
    [InlineData("unless-read-only", "array", "TOOL_APPROVAL_DENIED")]
    [InlineData("When-Destructive", "array", "TOOL_APPROVAL_DENIED")]
    [InlineData("never", "array", "array")]
    public async Task Approval_is_as_the_operator_says(string approval, string reading, string deleting)
    {
        await using McpClient client = await StartAsync(
            "--server", Server("memory", NpmServer.Memory(Path.Combine(_folder, "memory.jsonl"))), "--approval", approval);

        JsonElement answer = await RunAsync(
            client,
            """
            const read = await tools.memory.read_graph({}).then(() => 'array').catch((e) => e.code);
            const deleted = await tools.memory.delete_entities({ entityNames: ['none'] }).then(() => 'array').catch((e) => e.code);
            return [read, deleted];
            """);

        Assert.Equal($$"""{"value":["{{reading}}","{{deleting}}"]}""", answer.GetRawText());
    }

    private static string Server(string name, McpCommand command)
    {
        IEnumerable<string> words = ["env", .. command.Environment.Select((one) => $"{one.Key}={one.Value}"), command.Program, .. command.Arguments];
        return $"{name}={string.Join(' ', words.Select((word) => $"'{word}'"))}";
    }

    private static Task<McpClient> StartAsync(params string[] arguments) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [Interop.Cli, "mcp", .. arguments],
            EnvironmentVariables = new Dictionary<string, string?> { ["MAIL_TOKEN"] = MailToken, ["CRM_TOKEN"] = CrmToken, ["EMPTY"] = "" },
        }),
        // A revision with an opening of its own: no time of a slow start decides which one is spoken.
        new McpClientOptions { ProtocolVersion = "2025-11-25" }, cancellationToken: Token);

    [Fact]
    public async Task A_long_script_is_waited_for_and_later_scripts_of_the_client_find_what_it_stored()
    {
        await using McpClient client = await StartAsync("--yield-after", "10ms", "--tool", "slow=sleep 1; echo 7");

        JsonElement begun = await RunAsync(client, "await store('n', await callTool('slow')); return 'kept'");
        JsonElement ended = await EndOfAsync(client, begun);
        JsonElement loaded = await EndOfAsync(client, await RunAsync(client, "return await load('n')"));

        Assert.True(begun.TryGetProperty("running", out _), begun.GetRawText());
        Assert.Equal("kept", ended.GetProperty("value").GetString());
        Assert.Equal(7, loaded.GetProperty("value").GetInt32());
        await using McpClient other = await StartAsync();
        Assert.Equal("undefined", (await RunAsync(other, "return typeof await load('n')")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task Code_in_an_answer_is_readable()
    {
        await using McpClient client = await StartAsync();

        CallToolResult answer = await client.CallToolAsync(
            "run_code", new Dictionary<string, object?> { ["code"] = "return 'for (let i = 0; i < n && `${i}`; i++) { \\'é\\' }'" }, cancellationToken: Token);

        Assert.Equal(
            "{\"value\":\"for (let i = 0; i < n && `${i}`; i++) { 'é' }\"}", Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
    }

    private static async Task<JsonElement> EndOfAsync(McpClient client, JsonElement answer)
    {
        while (answer.TryGetProperty("running", out JsonElement handle))
        {
            CallToolResult later = await client.CallToolAsync(
                "wait_code", new Dictionary<string, object?> { ["running"] = handle.GetString(), ["seconds"] = 60 }, cancellationToken: Token);
            answer = later.StructuredContent!.Value;
        }

        return answer;
    }

    private static async Task<JsonElement> RunAsync(McpClient client, string code)
    {
        CallToolResult result = await client.CallToolAsync("run_code", new Dictionary<string, object?> { ["code"] = code }, cancellationToken: Token);
        return result.StructuredContent!.Value;
    }
}
