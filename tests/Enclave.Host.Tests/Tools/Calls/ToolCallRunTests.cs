using System.Text.Json;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Host.Tests.Models;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>The comparison of calls with tools, in runs.</summary>
public sealed class ToolCallRunTests
{
    private static readonly Dictionary<string, object> s_none = [];

    [Fact]
    public async Task A_run_tells_of_its_warnings_and_a_failure_in_that_line_names_the_mend()
    {
        await using EnclaveHost host = CallBench.Open();

        ExecutionResult ran = await host.RunAsync("const u = await tools.users.get({ id: 1 });\nreturn [u.nme, u.name]");
        ExecutionResult failed = await host.RunAsync("const all = tools.orders.list({ limit: 2 });\nreturn all.map((o) => o.total)");
        ExecutionResult refused = await host.RunAsync("return await tools.users.get({ id: 'one' })");

        Assert.Equal(["TOOL_ANSWER_MEMBER"], ran.Warnings.Select((issue) => issue.Code));
        Assert.Equal(2, Assert.Single(ran.Warnings).Location!.Value.Line);
        Assert.Equal(ErrorCode.RuntimeError, failed.Error!.Code);
        Assert.Contains("This is a promise: the answer of orders:list is not there yet. Write await before it", failed.Error.ToModelText(),
            StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ValidationError, refused.Error!.Code);
        Assert.Contains("line 1: TOOL_ARGUMENTS: The arguments of users:get do not fit: $.id is \"one\"; expected an integer. Instead: Give id as an integer.",
            refused.Error.ToModelText(), StringComparison.Ordinal);
        Assert.Equal(ran.Warnings.Select((issue) => issue with { Data = s_none }),
            JsonSerializer.Deserialize<ExecutionResult>(ran.ToJsonString())!.Warnings.Select((issue) => issue with { Data = s_none }));
    }

    [Fact]
    public async Task A_host_whose_handler_answers_any_name_has_every_tool()
    {
        var options = new EnclaveOptions { ToolHandler = (name, _, _) => new(name) };
        options.Tools.Add("other", () => 1);
        await using var host = new EnclaveHost(options);

        Assert.Equal("\"any:tool\"", (await host.RunAsync("return await callTool('any:tool', { whatever: 1 })")).Value.ToJsonString());
    }

    [Fact]
    public async Task Each_run_is_compared_with_its_own_tools()
    {
        await using EnclaveHost host = CallBench.Open();
        const string Code = "return await callTool('orders:list', { limit: 'x' })";
        var own = new RunOptions { Tools = new ToolCollection().Add("orders:list", (string limit) => limit) };

        Assert.False(host.Validate(Code).Valid);
        Assert.Equal("\"x\"", (await host.RunAsync(Code, own)).Value.ToJsonString());
        Assert.Equal(ErrorCode.ValidationError, (await host.RunAsync(Code)).Error!.Code);
    }
}
