using System.ComponentModel;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tests;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Functions of an agent as tools of scripts.</summary>
public sealed class FunctionToolTests
{
    [Fact]
    public async Task A_function_is_called_with_its_name_schema_and_result()
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([
            AIFunctionFactory.Create((int limit, string? text = null) => Enumerable.Range(1, limit).Select((id) => new { id, text }), "list_orders",
                "Lists orders."),
            AIFunctionFactory.Create(([Description("In degrees.")] double north) => north > 0 ? "warm" : "cold", "weather"),
        ]);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            "return [await callTool('list_orders', { limit: 2, text: 'a' }), await callTool('weather', { north: 1.5 })]");

        Assert.Equal("[[{\"id\":1,\"text\":\"a\"},{\"id\":2,\"text\":\"a\"}],\"warm\"]", result.Value.ToJsonString());
        string text = enclave.DescribeForModel();
        Assert.Contains("/** Lists orders. */\ndeclare function callTool(name: 'list_orders', args: { limit: number; text?: string", text,
            StringComparison.Ordinal);
        Assert.Contains("In degrees.", text, StringComparison.Ordinal);
    }

    /// <summary>A function of Semantic Kernel has its plugin's name in front.</summary>
    [Theory]
    [InlineData("orders_list", "orders:list")]
    [InlineData("Orders-list", "orders:list")]
    [InlineData("orders", "orders:orders")]
    [InlineData("orders_", "orders:orders_")]
    [InlineData("orderslist", "orders:orderslist")]
    [InlineData("list", "orders:list")]
    public void A_name_has_its_prefix_once(string function, string tool)
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([AIFunctionFactory.Create(() => 1, function)], prefix: "orders");

        Assert.Equal(tool, Assert.Single(options.Tools).Name);
    }

    [Theory]
    [InlineData("{}", "$.limit is missing; expected an integer")]
    [InlineData("{ \"limit\": \"two\" }", "$.limit is \"two\"; expected an integer")]
    public async Task Arguments_that_do_not_fit_never_reach_it(string arguments, string why)
    {
        int calls = 0;
        await using EnclaveHost enclave = Host(AIFunctionFactory.Create((int limit) => calls += limit, "count"));

        // A literal would be refused before the run.
        ScriptValue args = ScriptValue.From(JsonDocument.Parse(arguments).RootElement);
        ExecutionResult result = await enclave.RunAsync(
            "return await callTool('count', args)", new RunOptions { Globals = new Dictionary<string, object?> { ["args"] = args } });

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (string)result.Error!.Data!["code"]!);
        Assert.Contains(why, result.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task A_result_is_written_no_further_than_that_of_another_tool()
    {
        long written = 0;
        var options = new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MaxMessageBytes = 1 << 20 } };
        options.Tools.AddAIFunctions([AIFunctionFactory.Create(Endless, new AIFunctionFactoryOptions
        {
            Name = "endless",
            MarshalResult = (result, type, token) => new ValueTask<object?>(result),
        })]);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync("return await callTool('endless').catch((e) => e.code)");

        Assert.Equal("TOOL_RESULT_TOO_LARGE", result.Value.AsString());
        // Two bytes each, and four times the bytes of a message.
        Assert.InRange(written, 0, 10_000_000);

        IEnumerable<int> Endless()
        {
            for (; ; written++) yield return 0;
        }
    }

    [Fact]
    public async Task Approval_is_asked_once_for_each_inner_call()
    {
        int calls = 0;
        var asked = new List<string>();
        var options = new EnclaveOptions
        {
            OnToolApproval = (request) =>
            {
                lock (asked) asked.Add(request.Arguments.ToJsonString());
                return new(request.Arguments["amount"].AsInt32() < 3 ? ToolApproval.Approved : ToolApproval.Denied("too much"));
            },
        };
        options.Tools.AddAIFunctions(
            [new ApprovalRequiredAIFunction(AIFunctionFactory.Create((int amount) => { Interlocked.Increment(ref calls); return amount; }, "pay"))]);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            """
            const done = [];
            for (const amount of [1, 2, 3]) { try { done.push(await callTool('pay', { amount })) } catch (e) { done.push(e.code) } }
            return done
            """);

        Assert.Equal("[1,2,\"TOOL_APPROVAL_DENIED\"]", result.Value.ToJsonString());
        Assert.Equal(["{\"amount\":1}", "{\"amount\":2}", "{\"amount\":3}"], asked);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Approval_without_anybody_to_ask_is_refused_when_the_host_is_made()
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => 1, "pay"))]);

        Assert.Contains("OnToolApproval is null", Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_run_cancels_the_function()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using EnclaveHost enclave = Host(AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                token.Register(() => cancelled.TrySetResult());
                called.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            },
            "wait"));
        using var stop = new CancellationTokenSource();

        Task<ExecutionResult> run = enclave.RunAsync("return await callTool('wait')", cancellationToken: stop.Token);
        await Within.Deadline(called.Task, "call");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Within.Deadline(cancelled.Task, "cancellation");
    }

    [Fact]
    public async Task The_text_of_its_exception_stays_in_the_host()
    {
        await using EnclaveHost enclave = Host(AIFunctionFactory.Create(string () => throw new InvalidOperationException("password=hunter2"), "leak"));

        ExecutionResult result = await enclave.RunAsync("return await callTool('leak')");

        Assert.Equal("TOOL_FAILED", (string)result.Error!.Data!["code"]!);
        Assert.DoesNotContain("hunter2", result.Error.Message + result.Error.ToModelText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_function_finds_the_run_in_its_context()
    {
        await using EnclaveHost enclave = Host(
            AIFunctionFactory.Create((AIFunctionArguments arguments) => ((ToolContext)arguments.Context![typeof(ToolContext)]!).Tenant, "tenant"));

        Assert.Equal("acme", (await enclave.RunAsync("return await callTool('tenant')", new RunOptions { Tenant = "acme" })).Value.AsString());
    }

    [Fact]
    public async Task Contents_are_texts_and_bytes()
    {
        var settings = new AIFunctionFactoryOptions { Name = "picture", MarshalResult = (result, type, token) => new ValueTask<object?>(result) };
        await using EnclaveHost enclave = Host(
            AIFunctionFactory.Create(() => new AIContent[] { new TextContent("a cat"), new DataContent(new byte[] { 1, 2, 3 }, "image/png") }, settings));

        ExecutionResult result = await enclave.RunAsync("const [text, bytes] = await callTool('picture'); return [text, bytes]");

        Assert.Equal("a cat", result.Value[0].AsString());
        Assert.Equal([1, 2, 3], result.Value[1].AsBytes().ToArray());
    }

    [Fact]
    public void A_tool_that_only_a_provider_can_call_is_refused_and_nothing_is_added()
    {
        var tools = new ToolCollection();

        Assert.Contains("is not an AIFunction", Assert.Throws<ArgumentException>(() =>
            tools.AddAIFunctions([AIFunctionFactory.Create(() => 1, "one"), new HostedWebSearchTool()])).Message, StringComparison.Ordinal);
        Assert.Empty(tools);
    }

    [Fact]
    public void Names_take_a_prefix_and_limits_can_be_changed()
    {
        var tools = new ToolCollection();

        tools.AddAIFunctions([AIFunctionFactory.Create(() => 1, "one", "First.")], "mine", (function, limits) => limits with { MaxCalls = 3 });

        ToolDefinition tool = Assert.Single(tools);
        Assert.Equal(("mine:one", 3, "First."), (tool.Name, tool.Options.MaxCalls, tool.Description));
    }

    private static EnclaveHost Host(params AITool[] functions)
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions(functions);
        return new EnclaveHost(options);
    }

    [Fact]
    public void A_local_function_has_its_own_name()
    {
        var options = new EnclaveOptions();
        AIFunction[] lambdas = [.. Enumerable.Range(0, 100).Select((i) => AIFunctionFactory.Create(() => i, $"tool_{i}"))];

        options.Tools.AddAIFunctions([AIFunctionFactory.Create(Twice), AIFunctionFactory.Create(Twice, "a_g_Twice"), .. lambdas]);

        Assert.Equal(["Twice", "a_g_Twice", .. lambdas.Select((one) => one.Name)], options.Tools.Select((tool) => tool.Name));

        static int Twice(int number) => 2 * number;
    }
}
