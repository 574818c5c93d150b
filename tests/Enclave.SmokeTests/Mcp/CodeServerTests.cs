using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Servers;

/// <summary>A host of scripts as an MCP server.</summary>
public sealed class CodeServerTests : IAsyncLifetime
{
    private readonly EnclaveOptions _options = new() { OnToolApproval = CodeServer.AskClientAsync };
    private readonly Pipe _toServer = new(), _toClient = new();
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously),
        _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously),
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _asked = [];
    private bool? _allows;
    private EnclaveHost _enclave = null!;
    private Task _served = Task.CompletedTask;
    private McpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _options.Tools
            .Add("orders:list", (int limit) => Enumerable.Range(1, limit), new ToolOptions { Description = "Lists orders, newest first." })
            .Add("orders:pay", (int id) => $"paid {id}", new ToolOptions { Description = "Pays an order.", RequiresApproval = true })
            .Add("mail:send", JsonElement.Parse("{}"), (args, context, token) => new ValueTask<object?>("sent"),
                options: new ToolOptions { RequiresApproval = true })
            .Add("copy", async (ToolContext context) =>
            {
                context.ReportProgress("half", fraction: 0.5);
                context.ReportProgress(fraction: 0.75);
                await Task.Yield();
                return "copied";
            })
            .Add("hold", (CancellationToken token) => _held.Task.WaitAsync(token))
            .Add("wait", async (CancellationToken token) =>
            {
                token.Register(() => _cancelled.TrySetResult());
                _called.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            });
        _enclave = new EnclaveHost(_options);
        _served = CodeServer.RunAsync(_enclave, _toServer.Reader.AsStream(), _toClient.Writer.AsStream(), null, null, Token);
        var handlers = new McpClientHandlers
        {
            ElicitationHandler = (asked, token) =>
            {
                _asked.Add(asked!.Message);
                return ValueTask.FromResult(new ElicitResult
                {
                    Action = _allows is null ? "cancel" : "accept",
                    Content = _allows is { } allows ? new Dictionary<string, JsonElement> { ["allow"] = JsonSerializer.SerializeToElement(allows) } : null,
                });
            },
        };
        _client = await McpClient.CreateAsync(new StreamClientTransport(_toServer.Writer.AsStream(), _toClient.Reader.AsStream()),
            new McpClientOptions { Handlers = handlers }, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _toServer.Writer.CompleteAsync();
        await Within.Deadline(_served, "end of the server");
        await _enclave.DisposeAsync();
    }

    [Fact]
    public async Task It_has_three_tools_and_tells_what_scripts_may_call()
    {
        IList<McpClientTool> tools = await _client.ListToolsAsync(cancellationToken: Token);

        Assert.Equal(["run_code", "search_tools", "describe_tools"], tools.Select((tool) => tool.Name));
        Assert.Contains("callTool(name: 'orders:list'", tools[0].Description, StringComparison.Ordinal);
        Assert.Equal("enclave", _client.ServerInfo!.Name);
    }

    [Fact]
    public async Task A_script_runs_and_its_value_is_structured()
    {
        CallToolResult answer = await Run(
            "const orders = await callTool('orders:list', { limit: 3 }); console.log('three'); return { sum: orders.reduce((a, b) => a + b, 0) }");

        Assert.NotEqual(true, answer.IsError);
        Assert.Equal("{\"value\":{\"sum\":6},\"console\":\"three\\n\"}", answer.StructuredContent!.Value.GetRawText());
        Assert.Equal(answer.StructuredContent.Value.GetRawText(), Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
    }

    [Fact]
    public async Task A_failure_is_told_in_the_words_for_models()
    {
        CallToolResult answer = await Run("return await callTool('order:list', { limit: 3 })");

        Assert.True(answer.IsError);
        Assert.Contains("orders:list", answer.StructuredContent!.Value.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I list them first.\n\n```js\nconst orders = await callTool('orders:list', { limit: 3 });\nreturn orders.length\n```\nDone.")]
    [InlineData("```typescript\nconst orders = await callTool('orders:list', { limit: 3 }) as number[];\nreturn orders.length\n```")]
    [InlineData("async () => { const orders = await callTool('orders:list', { limit: 3 }); return orders.length; }")]
    [InlineData("async function main() { return (await callTool('orders:list', { limit: 3 })).length; }")]
    [InlineData("return (await callTool('orders:list', { limit: 3 })).length")]
    public async Task The_forms_that_models_send_run_as_they_are_meant(string code)
    {
        CallToolResult answer = await Run(code);

        Assert.Equal("{\"value\":3}", answer.StructuredContent!.Value.GetRawText());
    }

    [Theory]
    [InlineData("```js\nreturn 1\n```\nor\n```js\nreturn 2\n```", "send the whole program in one block.")]
    [InlineData("async (orders) => orders.length", "gets no value for its parameter orders")]
    [InlineData("Sure:\n```js\nconst a = 1;\nreturn eval(a)\n```", "- line 4: NO_EVAL")]
    [InlineData("const a = 1;\nreturn a +;", "- line 2: PARSE_ERROR")]
    public async Task An_answer_without_one_program_says_what_to_send_and_lines_are_those_of_the_answer(string code, string words)
    {
        CallToolResult answer = await Run(code);

        Assert.True(answer.IsError);
        Assert.Contains(words, answer.StructuredContent!.Value.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static string Nested(int depth) => $"let value = 1; for (let i = 0; i < {depth}; i++) value = {{ a: value }}; return value";

    [Theory]
    [InlineData("return 'a\\ud800b'", "{\"value\":\"a\\uFFFDb\"}")]
    [InlineData("return { ['\\ud800']: 'a\\\\ud800 \\ud83d\\ude00' }", "{\"value\":{\"\\uFFFD\":\"a\\\\ud800 \\uD83D\\uDE00\"}}")]
    [InlineData("console.log('\\udc00'); return 1", "{\"value\":1,\"console\":\"\\uFFFD\\n\"}")]
    public async Task Text_that_JSON_cannot_carry_does_not_lose_the_answer(string code, string answer) =>
        Assert.Equal(answer, (await Run(code)).StructuredContent!.Value.GetRawText());

    [Fact]
    public async Task A_value_as_deep_as_the_level_allows_arrives() =>
        Assert.Contains("\"value\":{\"a\"", (await Run(Nested(49))).StructuredContent!.Value.GetRawText(), StringComparison.Ordinal);

    [Fact]
    public async Task Tools_are_found_by_words_and_declared()
    {
        CallToolResult found = await _client.CallToolAsync("search_tools", new Dictionary<string, object?> { ["query"] = "listing of the newest order" },
            cancellationToken: Token);
        CallToolResult declared = await _client.CallToolAsync("describe_tools", new Dictionary<string, object?> { ["names"] = new[] { "orders:list", "none" } },
            cancellationToken: Token);

        Assert.Equal("orders:list", found.StructuredContent!.Value.GetProperty("tools")[0].GetProperty("name").GetString());
        string text = Assert.IsType<TextContentBlock>(Assert.Single(declared.Content)).Text;
        Assert.Contains("/** Lists orders, newest first. */\ndeclare function callTool(name: 'orders:list', args: { limit: number })", text,
            StringComparison.Ordinal);
        Assert.Contains("// There is no tool none", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "paid 1")]
    [InlineData(false, "TOOL_APPROVAL_DENIED")]
    [InlineData(null, "TOOL_APPROVAL_DENIED")]
    public async Task The_person_behind_the_client_is_asked_for_approvals(bool? allows, string outcome)
    {
        _allows = allows;

        CallToolResult answer = await Run("return await callTool('orders:pay', { id: 1 }).catch((e) => e.code)");

        Assert.Equal(outcome, answer.StructuredContent!.Value.GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("{ text: 'x'.repeat(10000), to: ['bob@example.com'], cc: 'eve@example.com' }", "\"to\":[\"bob@example.com\"],\"cc\":\"eve@example.com\"}")]
    [InlineData("{ mail: { text: 'x'.repeat(10000), to: 'bob@example.com' }, id: 1 }", "\"to\":\"bob@example.com\"},\"id\":1}")]
    [InlineData("{ ids: Array.from({ length: 5000 }, (_, i) => i), to: 'bob' }", "items are missing)],\"to\":\"bob\"}")]
    [InlineData("{ to: 'a\\u202eb\\u{e0068}', ['n\\u200b']: '\\ud800' }", "{\"to\":\"a\\u202eb\\udb40\\udc68\",\"n\\u200b\":\"\\ud800\"}")]
    [InlineData("{ big: 5n, zero: -0, text: 'a   b' }", """with {"big":5,"zero":0,"text":"a \u0020\u0020b"}. Allow""")]
    [InlineData("{ filler: 'a\\u3164b', selector: 'a\\ufe0fb', blank: 'a\\u2800\\u00a0b', joiner: 'a\\u034fb' }",
        """with {"filler":"a\u3164b","selector":"a\ufe0fb","blank":"a\u2800\u00a0b","joiner":"a\u034fb"}. Allow""")]
    [InlineData("{ list: ['x'.repeat(10000), 1], left: undefined, number: NaN }", "characters are missing),1],\"number\":NaN}")]
    public async Task The_person_sees_every_name_and_every_short_value(string arguments, string shown)
    {
        _allows = true;

        CallToolResult answer = await Run($"return await callTool('mail:send', {arguments})");

        Assert.Equal("{\"value\":\"sent\"}", answer.StructuredContent!.Value.GetRawText());
        string asked = Assert.Single(_asked);
        Assert.Contains(shown, asked, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(asked.Length, 1, 4_100);
    }

    [Fact]
    public async Task A_call_whose_names_cannot_all_be_shown_is_denied_without_a_question()
    {
        CallToolResult answer = await Run(
            "const args = {}; for (let i = 0; i < 500; i++) args['name' + i] = 'x'.repeat(100); " +
            "return await callTool('mail:send', args).catch((e) => e.message)");

        Assert.Contains("too many or too long names", answer.StructuredContent!.Value.GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Progress_tells_of_each_tool_call()
    {
        string[] told = await ProgressOf("for (const limit of [1, 2, 3]) await callTool('orders:list', { limit })", (told) => told.Length >= 3);

        Assert.Equal(["orders:list", "orders:list", "orders:list"], told);
    }

    [Fact]
    public async Task Progress_of_a_tool_is_passed_on()
    {
        string[] told = await ProgressOf("await callTool('copy')", (told) => told.Length >= 3);

        // Their order is the client's, which handles each on the thread pool.
        Assert.Equal(["copy", "copy (75 %)", "copy: half (50 %)"], told);
    }

    [Fact]
    public async Task A_short_description_leaves_the_rest_to_the_instructions()
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        Task served = CodeServer.RunAsync(
            _enclave, toServer.Reader.AsStream(), toClient.Writer.AsStream(), new CodeServerOptions { Description = CodeDescription.Brief }, null, Token);
        await using (McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), cancellationToken: Token))
        {
            McpClientTool run = (await client.ListToolsAsync(cancellationToken: Token))[0];

            Assert.InRange(run.Description.Length, 100, 1_000);
            Assert.DoesNotContain("orders:list'", run.Description[run.Description.IndexOf("\n\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
            Assert.Contains("callTool(name: 'orders:list'", client.ServerInstructions, StringComparison.Ordinal);
            Assert.DoesNotContain("callTool(name: 'orders:list'", _client.ServerInstructions, StringComparison.Ordinal);
        }

        await toServer.Writer.CompleteAsync();
        await Within.Deadline(served, "end of the server");
    }

    [Fact]
    public async Task Cancelling_the_request_ends_the_run()
    {
        using var stop = new CancellationTokenSource();
        var call = new CallToolRequestParams
        {
            Name = "run_code",
            Arguments = new Dictionary<string,
            JsonElement>
            { ["code"] = JsonSerializer.SerializeToElement("await callTool('wait')") }
        };
        Task<CallToolResult> run = _client.SendRequestAsync<CallToolRequestParams, CallToolResult>(
            RequestMethods.ToolsCall, call, null, new RequestId("mine"), stop.Token).AsTask();
        await Within.Deadline(_called.Task, "call");

        await _client.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = new RequestId("mine") },
            cancellationToken: Token);

        await Within.Deadline(_cancelled.Task, "end of the tool");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData("none", "{}")]
    [InlineData("run_code", "{}")]
    [InlineData("run_code", "{\"code\":1}")]
    [InlineData("search_tools", "{\"query\":\"a\",\"limit\":1000}")]
    [InlineData("describe_tools", "{\"names\":\"a\"}")]
    public async Task Requests_that_are_none_are_refused(string tool, string arguments)
    {
        Dictionary<string, object?> given = JsonElement.Parse(arguments).EnumerateObject().ToDictionary((member) => member.Name, (member) =>
            (object?)member.Value);

        var refusal = await Assert.ThrowsAsync<McpProtocolException>(async () => await _client.CallToolAsync(tool, given, cancellationToken: Token));

        Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
    }

    private async Task<CallToolResult> Run(string code) =>
        await _client.CallToolAsync("run_code", new Dictionary<string, object?> { ["code"] = code }, cancellationToken: Token);

    /// <summary>The reports that a script causes. The script ends after they arrived: the client drops those that it handles after the answer.</summary>
    private async Task<string[]> ProgressOf(string code, Func<string[], bool> complete)
    {
        var progress = new ListProgress();
        ValueTask<CallToolResult> running = _client.CallToolAsync(
            "run_code", new Dictionary<string, object?> { ["code"] = $"{code}; await callTool('hold'); return 1" }, progress, cancellationToken: Token);
        string[] Told() => [.. progress.Told.Where((text) => !text.StartsWith("hold", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        await Within.Becomes(() => complete(Told()), "the reports were told", () => string.Join(", ", Told()));
        _held.TrySetResult();
        await Within.Deadline(running.AsTask(), "end of the script");
        return Told();
    }

    private sealed class ListProgress : IProgress<ProgressNotificationValue>
    {
        private readonly ConcurrentQueue<string> _told = [];

        public IReadOnlyCollection<string> Told => _told;

        public void Report(ProgressNotificationValue value) => _told.Enqueue(value.Message ?? "");
    }
}
