using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>The spans of a script below those of the agent that wrote it.</summary>
public sealed class SpanTreeTests
{
    [Fact]
    public async Task Tools_of_a_script_stand_below_the_agents_call_of_run_code()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var agent = new ActivitySource(nameof(SpanTreeTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = (source) => source.Name is "Enclave" or nameof(SpanTreeTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var options = new EnclaveOptions();
        options.Tools.Add("orders:list", () => 3);
        await using var enclave = new EnclaveHost(options);
        AIFunction function = enclave.AsAIFunction();
        int characters = function.Description.Length;

        Activity call = agent.StartActivity("execute_tool run_code")!;
        await function.InvokeAsync(
            new AIFunctionArguments { ["code"] = "return await callTool('orders:list', {})" }, TestContext.Current.CancellationToken);
        call.Stop();

        Activity[] tree = [.. ended.Where((span) => span.TraceId == call.TraceId)];
        Activity run = Assert.Single(tree, (span) => span.OperationName == "enclave.run");
        Activity worker = Assert.Single(tree, (span) => span.OperationName == "enclave.worker");
        Activity tool = Assert.Single(tree, (span) => span.DisplayName == "execute_tool orders:list");
        Assert.Equal((call.SpanId, run.SpanId, worker.SpanId), (run.ParentSpanId, worker.ParentSpanId, tool.ParentSpanId));
        Assert.Equal(("execute_tool", "orders:list", "c_1"), (
            tool.GetTagItem("gen_ai.operation.name"), tool.GetTagItem("gen_ai.tool.name"), tool.GetTagItem("gen_ai.tool.call.id")));
        Assert.Equal((characters + 2) / 3, run.GetTagItem("enclave.declarations.tokens"));
    }
}
