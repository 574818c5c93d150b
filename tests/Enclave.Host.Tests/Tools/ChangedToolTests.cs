using System.Diagnostics.CodeAnalysis;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>A source changes its tools while a call waits for its approval or its turn.</summary>
public sealed class ChangedToolTests : IAsyncDisposable
{
    private readonly TaskCompletionSource<ToolApproval> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveSource _source = new();
    private EnclaveHost? _host;
    private int _made;

    public async ValueTask DisposeAsync()
    {
        _turn.TrySetResult();
        if (_host is not null) await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approved_call_does_not_go_out_when_its_tool_is_another_one(bool isGone)
    {
        _source.Set(Pay(new ToolOptions { RequiresApproval = true }));
        Start();
        Task<ExecutionResult> run = _host!.RunAsync("return await callTool('live:pay', { amount: 5 }).catch((e) => e.code)");
        await _asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        if (isGone) _source.Set();
        else _source.Set(Pay(new ToolOptions { RequiresApproval = true }));
        _decision.SetResult(ToolApproval.Approved);

        Assert.Equal("TOOL_CHANGED", (await run).Value.AsString());
        Assert.Equal(0, _made);
    }

    [Fact]
    public async Task An_approved_call_goes_out_when_other_tools_changed()
    {
        ToolDefinition pay = Pay(new ToolOptions { RequiresApproval = true });
        _source.Set(pay);
        Start();
        Task<ExecutionResult> run = _host!.RunAsync("return await callTool('live:pay', { amount: 5 })");
        await _asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        _source.Set(pay, ToolDefinition.Create("live:new", default, (_, _, _) => new ValueTask<object?>(1)));
        _decision.SetResult(ToolApproval.Approved);

        Assert.Equal("paid", (await run).Value.AsString());
    }

    [Fact]
    public async Task A_call_that_waited_for_its_turn_does_not_go_out_either_and_leaves_its_turn_to_others()
    {
        _source.Set(Pay(new ToolOptions { MaxConcurrency = 1 }, _turn.Task));
        Start();
        Task<ExecutionResult> run = _host!.RunAsync(
            "return (await Promise.all([1, 2, 3].map((amount) => callTool('live:pay', { amount }).catch((e) => e.code)))).sort()");
        await Within.Becomes(() => _host.Registry.UnderWay == 3 && Volatile.Read(ref _made) == 1, "one call is made, and two wait for their turn");

        _source.Set();
        _turn.SetResult();

        Assert.Equal("""["TOOL_CHANGED","TOOL_CHANGED","paid"]""", (await run).Value.ToJsonString());
        Assert.Equal((1, 0), (_made, _host.Registry.UnderWay));
    }

    private ToolDefinition Pay(ToolOptions options, Task? turn = null) => ToolDefinition.Create("live:pay", default, async (_, _, _) =>
    {
        Interlocked.Increment(ref _made);
        if (turn is not null) await turn;
        return "paid";
    }, options: options);

    private void Start()
    {
        var options = new EnclaveOptions
        {
            OnToolApproval = async (_) =>
            {
                _asked.TrySetResult();
                return await _decision.Task;
            },
        };
        options.Tools.Add(_source);
        _host = new EnclaveHost(options);
    }

    private sealed class LiveSource : ToolSource
    {
        private volatile ToolDefinition[] _tools = [];

        public override string Name => "live";

        public override IReadOnlyList<ToolDefinition> Tools => _tools;

        public void Set(params ToolDefinition[] tools) => _tools = tools;

        protected internal override bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool)
        {
            tool = _tools.FirstOrDefault((known) => known.Name == name);
            return tool is not null;
        }
    }
}
