using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Http;

/// <summary>Clients of the revision without sessions: each request may reach another server.</summary>
public sealed class StatelessTests : IDisposable
{
    private const string Pays = "return await callTool('orders:pay', { id: 7 })";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-stateless-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_library_client_behind_a_router_is_asked_and_another_server_goes_on()
    {
        await using McpApp one = await ServerAsync(), other = await ServerAsync();
        await using Router router = await Router.StartAsync(one.Address, other.Address);
        var asked = new List<string>();
        await using McpClient client = await ClientAsync(router.Address, asked, (message) => !message.Contains("13", StringComparison.Ordinal));

        IList<McpClientTool> tools = await client.ListToolsAsync(cancellationToken: Token);
        CallToolResult answer = await client.CallToolAsync("run_code", new Dictionary<string, object?>
        {
            ["code"] = """
                const few = await callTool('orders:list', { limit: 2 });
                const first = await callTool('orders:pay', { id: few[0] });
                const rest = await Promise.allSettled([13, 14].map((id) => callTool('orders:pay', { id })));
                console.log('done');
                return [first, ...rest.map((one) => one.value ?? one.reason.code)];
                """,
        }, cancellationToken: Token);

        Assert.Equal(StatelessCall.Revision, client.NegotiatedProtocolVersion);
        Assert.Equal("run_code", tools[0].Name);
        Assert.Equal("""{"value":["paid 1","TOOL_APPROVAL_DENIED","paid 14"],"console":"done\n"}""", answer.StructuredContent!.Value.GetRawText());
        int[] ids = [.. asked.Select((message) => int.Parse(message.Split("\"id\":")[1].Split('}')[0], System.Globalization.CultureInfo.InvariantCulture))];
        // The client asks the questions of one answer at once.
        Assert.Equal((1, 3), (ids[0], ids.Length));
        Assert.Equal([13, 14], ids[1..].Order());
        Assert.Equal(2, one.Paid + other.Paid);
        Assert.All(router.Requests, (requests) => Assert.InRange(requests, 2, 10));
        Assert.Empty(await one.Enclave.Runs.ListAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_client_without_questions_needs_no_store_and_one_that_cannot_ask_is_denied()
    {
        await using McpApp app = await McpApp.StartAsync();

        Assert.Equal("{\"value\":6}", await new StatelessCall("return 2 * 3").ValueAsync(app));
        string denied = await new StatelessCall(Pays) { Capabilities = "{}" }.ValueAsync(app);
        string elsewhere = await new StatelessCall(Pays) { Capabilities = """{"elicitation":{"url":{}}}""" }.ValueAsync(app);

        Assert.All([denied, elsewhere], (text) => Assert.Contains("this client cannot ask one", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_without_answers_gets_the_same_questions_and_a_part_of_them_the_rest()
    {
        await using McpApp app = await McpApp.StartAsync();
        var call = new StatelessCall("return await Promise.all([1, 2].map((id) => callTool('orders:pay', { id })))");
        (string state, string[] calls) = await call.QuestionsAsync(app);

        (string again, string[] same) = await (call with { State = state }).QuestionsAsync(app);
        (string rest, string[] left) = await (call with { State = again, Answers = StatelessCall.Yes(calls[0], "c_99") }).QuestionsAsync(app);
        string value = await (call with { State = rest, Answers = StatelessCall.Yes(left) }).ValueAsync(app);

        Assert.Equal(calls, same);
        Assert.Equal(calls[1], Assert.Single(left));
        Assert.Equal("{\"value\":[\"paid 1\",\"paid 2\"]}", value);
    }

    [Theory]
    [InlineData("not yes")]
    [InlineData("declined")]
    [InlineData("another form")]
    public async Task Only_an_explicit_yes_allows_a_call(string answer)
    {
        await using McpApp app = await ServerAsync();
        var call = new StatelessCall(Pays);
        (string state, string[] calls) = await call.QuestionsAsync(app);
        string given = answer switch
        {
            "not yes" => """{"action":"accept","content":{"allow":"true"}}""",
            "declined" => """{"action":"decline"}""",
            _ => """["accept"]""",
        };

        string value = await (call with { State = state, Answers = new() { [calls[0]] = System.Text.Json.Nodes.JsonNode.Parse(given) } }).ValueAsync(app);

        Assert.Contains("the person declined", value, StringComparison.Ordinal);
        Assert.Equal(0, app.Paid);
    }

    [Fact]
    public async Task Waits_of_durable_runs_are_not_for_scripts_of_such_clients()
    {
        await using McpApp app = await McpApp.StartAsync();

        string value = await new StatelessCall("return await callTool('enclave:waitFor', { name: 'x' }).catch((fault) => fault.code)").ValueAsync(app);

        Assert.DoesNotContain("input_required", value, StringComparison.Ordinal);
        Assert.Empty(await app.Enclave.Runs.ListAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_script_and_leaves_nothing()
    {
        await using McpApp app = await McpApp.StartAsync();
        using (var gone = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            Task<HttpResponseMessage> response = new StatelessCall("return await callTool('wait')").SendAsync(app);
            await Within.Deadline(app.Called, "call");
            app.Http.CancelPendingRequests();
            await Task.WhenAny(response);
            if (response.IsCompletedSuccessfully) (await response).Dispose();
        }

        await Within.Deadline(app.Stopped, "end of the call");
        await Within.Becomes(() => app.Enclave.Runs.ListAsync(cancellationToken: Token).GetAwaiter().GetResult().Count == 0, "the run is removed");
    }

    [Fact]
    public async Task Requests_of_one_owner_at_once_are_bounded()
    {
        await using McpApp app = await McpApp.StartAsync((options) => options.MaxSessionsPerOwner = 1);
        Task<string> held = new StatelessCall("return await callTool('wait')").ValueAsync(app);
        await Within.Deadline(app.Called, "call");

        using HttpResponseMessage second = await new StatelessCall("return 1").SendAsync(app);
        app.Gate.SetResult();

        Assert.Equal(429, (int)second.StatusCode);
        Assert.Contains("MaxSessionsPerOwner", await Answers.ErrorAsync(second), StringComparison.Ordinal);
        Assert.Equal("{\"value\":\"waited\"}", await Within.Deadline(held, "answer"));
        Assert.Equal("{\"value\":1}", await new StatelessCall("return 1").ValueAsync(app));
    }

    [Fact]
    public async Task It_has_no_streams_to_continue_and_older_clients_have_sessions_as_before()
    {
        await using McpApp app = await McpApp.StartAsync();
        using var get = new HttpRequestMessage(HttpMethod.Get, app.Address);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, app.Address);

        foreach (HttpRequestMessage request in new[] { get, delete })
        {
            using HttpResponseMessage refused = await app.SendAsync(
                request, null, null, (asked) => asked.Headers.Add("Mcp-Protocol-Version", StatelessCall.Revision));
            Assert.Equal((405, "POST"), ((int)refused.StatusCode, refused.Content.Headers.Allow.Single()));
        }

        using HttpResponseMessage unknown = await new StatelessCall("return 1").SendAsync(app, (request) =>
        {
            request.Headers.Remove("Mcp-Protocol-Version");
            request.Headers.Add("Mcp-Protocol-Version", "2099-01-01");
        });
        JsonElement error = JsonElement.Parse(await unknown.Content.ReadAsStringAsync(Token)).GetProperty("error");
        Assert.Equal((400, -32022), ((int)unknown.StatusCode, error.GetProperty("code").GetInt32()));
        Assert.Contains(StatelessCall.Revision, error.GetProperty("data").GetProperty("supported").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("{\"value\":1}", await Answers.ValueAsync(await app.RunAsync("return 1", await app.OpenAsync())));
    }

    [Fact]
    public async Task Many_pending_questions_hold_no_worker_and_little_memory()
    {
        int count = TestSize.Of(100, 10_000);
        await using McpApp app = await McpApp.StartAsync();
        var call = new StatelessCall(Pays);
        (string state, string[] calls) = await call.QuestionsAsync(app);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await Parallel.ForEachAsync(Enumerable.Range(1, count - 1), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token },
            async (_, _) => await call.QuestionsAsync(app));

        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        PoolSnapshot pool = app.Enclave.GetSnapshot();
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} questions: {bytes} bytes, {pool.ActiveWorkers} of {pool.Workers} workers");
        Assert.Equal((0, 0), (pool.ActiveWorkers, pool.QueueDepth));
        // Other tests of this process have memory, too.
        Assert.InRange(bytes, long.MinValue, (64 << 20) + (count * 10_000L));
        Assert.Equal("{\"value\":\"paid 7\"}", await (call with { State = state, Answers = StatelessCall.Yes(calls) }).ValueAsync(app));
    }

    private static async Task<McpClient> ClientAsync(Uri address, List<string> asked, Func<string, bool> allows)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = address, TransportMode = HttpTransportMode.StreamableHttp });
        return await McpClient.CreateAsync(transport, new McpClientOptions
        {
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = (question, token) =>
                {
                    lock (asked) asked.Add(question!.Message);
                    return ValueTask.FromResult(new ElicitResult
                    {
                        Action = "accept",
                        Content = new Dictionary<string, JsonElement> { ["allow"] = JsonSerializer.SerializeToElement(allows(question.Message)) },
                    });
                },
            },
        }, cancellationToken: Token);
    }

    /// <summary>A server with the common store and key.</summary>
    private Task<McpApp> ServerAsync() => McpApp.StartAsync(
        host: (options) => options.Durable = new DurableOptions { Store = RunStore.InFolder(_folder), Keys = [_key] });
}
