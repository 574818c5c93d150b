using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>Tools as members: <c>tools.orders.list(args)</c> always equals <c>callTool('orders:list', args)</c>.</summary>
public sealed class ToolNamespaceTests
{
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_member_is_a_tool_at_every_level(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        await using var host = new EnclaveHost(
            Options((options) => (options.SecurityLevel, options.AllowDegradedIsolation) = (level, Enum.GetValues<IsolationLayer>())));

        ExecutionResult result = await host.RunAsync("const page = await tools.orders.list({ limit: 2 }); return [page, await tools.answer(), " +
            "await tools['orders']['by-id']({ id: 7 }), await callTool('orders:list', { limit: 1 })]");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("[[1,2],42,7,[1]]", result.Value.ToJsonString());
        Assert.Equal(4, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task A_wrong_member_is_refused_before_the_run_with_its_place_and_a_name_that_is_near()
    {
        await using var host = new EnclaveHost(Options());

        ExecutionResult result = await host.RunAsync("await tools.answer();\nreturn await tools.orders.lst({ limit: 2 })");

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
        Assert.Contains("UNKNOWN_TOOL (line 2): There is no tool \"orders:lst\"; did you mean orders:list", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task A_name_with_its_words_in_another_order_is_told_the_right_one_first()
    {
        EnclaveOptions options = Options();
        foreach (string verb in new[] { "append", "copy", "move", "list" }) options.Tools.Add($"files:{verb}_file", () => 1);
        options.Tools.Add("files:read_text_file", () => 1);
        await using var host = new EnclaveHost(options);

        ExecutionResult result = await host.RunAsync("return await tools.files.read_file_text()");

        Assert.Contains("did you mean files:read_text_file?", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_may_be_told_of_tools_as_members()
    {
        await using var host = new EnclaveHost(Options((options) => options.Tools.Add("orders", (string query) => query.Length)));

        string text = host.DescribeForModel(ModelTextFormat.Namespaces);

        Assert.Contains("declare const tools: {", text, StringComparison.Ordinal);
        Assert.Contains("  answer(args?: ", text, StringComparison.Ordinal);
        Assert.Contains("  orders: ((args: {", text, StringComparison.Ordinal);
        Assert.Contains("    'by-id'(args: {", text, StringComparison.Ordinal);
        Assert.Contains("    list(args: {", text, StringComparison.Ordinal);
        Assert.DoesNotContain("declare function callTool(name: 'orders", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_policy_and_lists_of_names_see_the_same_call()
    {
        await using var host = new EnclaveHost(Options((options) => options.Guard = new GuardOptions { AllowedToolNames = ["answer"] }));

        ExecutionResult refused = await host.RunAsync("return await tools.orders.list({ limit: 2 })");
        ExecutionResult limited = await host.RunAsync("await tools.answer(); return await tools.answer()", new RunOptions { MaxToolCalls = 1 });

        Assert.Equal(ErrorCode.ValidationError, refused.Error!.Code);
        Assert.Contains("orders:list", refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.MaxToolCalls, limited.Error!.Code);
    }

    [Fact]
    public async Task A_name_of_the_scripts_or_the_hosts_own_is_what_it_was()
    {
        await using var host = new EnclaveHost(Options());

        Assert.Equal("\"mine\"", (await host.RunAsync("const tools = { answer: () => 'mine' }; return tools.answer()")).Value.ToJsonString());
        var given = new Dictionary<string, object?> { ["tools"] = new Dictionary<string, object?> { ["answer"] = "given" } };
        Assert.Equal("\"given\"", (await host.RunAsync("return tools.answer", new RunOptions { Globals = given })).Value.ToJsonString());
    }

    [Theory]
    [InlineData("const orders = tools.orders; return await orders.list({ limit: 1 })")]
    [InlineData("const name = 'list'; return await tools.orders[name]({ limit: 1 })")]
    [InlineData("return typeof tools")]
    public async Task Code_that_is_no_call_by_name_finds_no_tools(string code)
    {
        await using var host = new EnclaveHost(Options());

        ExecutionResult result = await host.RunAsync(code);

        Assert.False(result.Success && result.Value.ToJsonString().StartsWith('['), result.Value.ToJsonString());
    }

    [Fact]
    public async Task Tools_of_a_run_and_of_the_handler_are_members_too()
    {
        await using var host = new EnclaveHost(Options());
        await using var handled = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new ValueTask<object?>(name) });

        Assert.Equal("\"mine\"",
            (await host.RunAsync("return await tools.mine()", new RunOptions { Tools = new ToolCollection().Add("mine", () => "mine") })).Value.ToJsonString());
        Assert.Equal("\"any:name\"", (await handled.RunAsync("return await tools.any.name({})")).Value.ToJsonString());
    }

    private static EnclaveOptions Options(Action<EnclaveOptions>? configure = null)
    {
        var options = new EnclaveOptions();
        options.Tools.Add("orders:list", (int limit) => Enumerable.Range(1, limit)).Add("orders:by-id", (int id) => id).Add("answer", () => 42);
        configure?.Invoke(options);
        return options;
    }
}
