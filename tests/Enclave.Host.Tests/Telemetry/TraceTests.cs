using System.Collections.Concurrent;
using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>The activities of the source "Enclave".</summary>
[Collection(Alone.Name)]
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly ActivitySource _caller = new("TraceTests");

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = (source) => source.Name is "Enclave" or "TraceTests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_trace_leads_from_the_caller_over_the_run_and_its_worker_to_what_the_tool_asks()
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (_, _, _) =>
            {
                // As an HTTP client in the tool does.
                using Activity? outgoing = _caller.StartActivity("outgoing");
                return new(1);
            },
        });
        using Activity request = _caller.StartActivity("request")!;

        ExecutionResult result = await host.RunAsync(
            "return await callTool('ask', { secret: 'hunter2' }) + await callTool('ask', {})", new RunOptions { Tenant = "acme" });

        Assert.True(result.Success, result.Error?.Message);
        Assert.Same(request, Activity.Current);
        Activity run = Single("enclave.run"), worker = Single("enclave.worker");
        Activity[] tools = Ended("enclave.tool"), outgoings = Ended("outgoing");
        Assert.All(_ended, (activity) => Assert.Equal(request.TraceId, activity.TraceId));
        Assert.Equal((request.SpanId, run.SpanId), (run.ParentSpanId, worker.ParentSpanId));
        Assert.Equal([worker.SpanId, worker.SpanId], tools.Select((tool) => tool.ParentSpanId));
        Assert.Equal(tools.Select((tool) => tool.SpanId), outgoings.Select((outgoing) => outgoing.ParentSpanId));
        Assert.Equal($"enclave.code=OK,enclave.level=STANDARD,enclave.run.id={result.RunId}", Tags(run));
        Assert.Equal($"enclave.isolation={result.Stats.Isolation},enclave.worker.id={result.Stats.WorkerId}", Tags(worker));
        Assert.Equal([Call(1), Call(2)], tools.Select(Tags));
        // The name is not registered: scripts choose such names.
        Assert.All(tools, (tool) => Assert.Equal("execute_tool other", tool.DisplayName));

        static string Call(int number) => "enclave.tool.name=ask,enclave.tool.outcome=ok," + Conventions(number);
        Assert.DoesNotContain(
            _ended, (activity) => Tags(activity).Contains("hunter2", StringComparison.Ordinal) || Tags(activity).Contains("acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tenant_is_named_only_where_the_operator_asked_for_it()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { TraceTenant = true });

        await host.RunAsync("return 1", new RunOptions { Tenant = "acme" });
        await host.RunAsync("return 1");

        Assert.Equal(["acme", null], Ended("enclave.run").Select((run) => run.GetTagItem("enclave.tenant")));
    }

    [Fact]
    public async Task Failures_say_their_code_and_nothing_of_what_the_script_said()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = (_, _, _) => throw new ToolException("hunter2") { Code = "GONE" } });

        await host.RunAsync("throw { message: 'hunter2' }");
        await host.RunAsync("const x = 'hunter2'; eval(x)");
        await host.RunAsync("await callTool('ask', {})");

        Assert.Equal(["RUNTIME_ERROR", "VALIDATION_ERROR", "TOOL_ERROR"], Ended("enclave.run").Select((run) => run.GetTagItem("error.type")));
        Assert.Equal(["RUNTIME_ERROR", "TOOL_ERROR"], Ended("enclave.worker").Select((worker) => worker.StatusDescription));
        Assert.Equal($"enclave.tool.name=ask,enclave.tool.outcome=error,error.type=GONE,{Conventions(1)}", Tags(Single("enclave.tool")));
        Assert.DoesNotContain(
            _ended, (activity) => (Tags(activity) + activity.StatusDescription + activity.DisplayName).Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_activity_of_a_run_ends_with_it_however_it_ends()
    {
        var gate = new TestGate();
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = gate.Handle });
        using var cancel = new CancellationTokenSource();
        Task<ExecutionResult> run = host.RunAsync(TestGate.Script, null, cancel.Token);
        await gate.Arrival();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "cancelled run"));
        Assert.Equal("CALLER_CANCELLED", Single("enclave.run").StatusDescription);
        Single("enclave.worker");
        await Within.Becomes(() => Ended("enclave.tool").Length == 1, "the tool's activity ended");
        Assert.Equal("cancelled", Single("enclave.tool").GetTagItem("enclave.tool.outcome"));
    }

    [Fact]
    public async Task Without_a_listener_of_Enclave_the_tool_still_belongs_to_the_callers_trace()
    {
        using var quiet = new ActivitySource("quiet");
        Activity? seen = null;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (_, _, _) =>
            {
                seen = Activity.Current;
                return new(1);
            },
        });
        _listener.Dispose();
        using var request = new Activity("request");
        request.Start();

        await host.RunAsync("return await callTool('ask', {})");

        Assert.Same(request, seen);
        Assert.Empty(Ended("enclave.run"));
    }

    [Fact]
    public async Task A_registered_tool_names_its_activity()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("orders:list", () => 1);
        await using var host = new EnclaveHost(options);

        await host.RunAsync("return await callTool('orders:list', {})");

        Assert.Equal("execute_tool orders:list", Single("enclave.tool").DisplayName);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _caller.Dispose();
    }

    private Activity Single(string name) => Assert.Single(Ended(name));

    private Activity[] Ended(string name) => [.. _ended.Where((activity) => activity.OperationName == name).OrderBy((activity) => activity.StartTimeUtc)];

    private static string Conventions(int call) =>
        $"gen_ai.operation.name=execute_tool,gen_ai.tool.call.id=c_{call},gen_ai.tool.name=ask,gen_ai.tool.type=function";

    private static string Tags(Activity activity) =>
        string.Join(',', activity.TagObjects.Select((tag) => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
}
