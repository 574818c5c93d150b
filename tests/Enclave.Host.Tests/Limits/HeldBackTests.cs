using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Scripts whose values need more of the host's memory than is free.</summary>
public sealed class HeldBackTests : IAsyncLifetime
{
    private const long Megabyte = 1 << 20;

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _called = new(0);
    private readonly List<SecurityEvent> _events = [];
    private readonly EnclaveHost _host;
    private int _atOnce, _mostAtOnce;

    public HeldBackTests() => _host = new EnclaveHost(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = new WorkerPoolOptions
        {
            MinWorkers = 2,
            MaxWorkers = 2,
            HostMemoryLimitPerRun = 8 * Megabyte,
            HostMemoryLimit = 16 * Megabyte,
            StartTimeout = TimeSpan.FromSeconds(30),
        },
        Validate = false,
        MaxIterations = 1_000_000_000,
        OnSecurityEvent = _events.Add,
        ToolHandler = async (name, args, context) =>
        {
            if (name == "large") return new string('y', 3_000_000);
            int now = Interlocked.Increment(ref _atOnce);
            _mostAtOnce = Math.Max(now, _mostAtOnce);
            _called.Release();
            if (name == "wait") await _open.Task.WaitAsync(context.CancellationToken);
            if (name == "stay") await _open.Task;
            Interlocked.Decrement(ref _atOnce);
            return args.TryGetProperty("i", out ScriptValue i) ? i : ScriptValue.Null;
        },
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _open.TrySetResult();
        await _host.DisposeAsync();
        _called.Dispose();
        Assert.Empty(_events);
    }

    [Fact]
    public async Task A_call_waits_until_earlier_ones_are_answered()
    {
        // Two of them would need 12 MB.
        Task<ExecutionResult> run = Run(
            "const s = 'x'.repeat(3e6); const all = []; for (let i = 0; i < 5; i++) all.push(callTool('wait', { s, i })); return await Promise.all(all)");
        await Called();
        _open.SetResult();

        ExecutionResult result = await Within.Deadline(run, "answer");

        Assert.Equal("[0,1,2,3,4]", result.Value.ToJsonString());
        Assert.Equal(1, _mostAtOnce);
    }

    [Fact]
    public async Task Calls_that_are_not_awaited_are_held_back_too_and_the_result_comes_after_them()
    {
        ExecutionResult result = await Within.Deadline(
            Run("const s = 'x'.repeat(3e6); for (let i = 0; i < 20; i++) callTool('pass', { s }); console.log('made'); return 7"), "answer");

        Assert.Equal((7, 20, "made\n"), (result.Value.AsInt32(), result.Stats.ToolCallCount, result.Stdout));
        Assert.Equal(1, _mostAtOnce);
    }

    [Fact]
    public async Task A_run_that_waits_for_room_ends_at_its_deadline_and_says_so()
    {
        ExecutionResult result = await Within.Deadline(
            Run("const s = 'x'.repeat(3e6); for (let i = 0; i < 5; i++) callTool('stay', { s }); await new Promise(() => {})",
                new RunOptions { Timeout = TimeSpan.FromSeconds(3) }), "answer");

        Assert.Equal((ErrorCode.Timeout, "host memory"), (result.Error!.Code, result.Error.Data!["reason"]));
        Assert.Contains("HostMemoryLimitPerRun (now 8388608 bytes)", result.Error.Message);
        await Works();
    }

    [Fact]
    public async Task A_run_that_waits_for_room_can_be_cancelled()
    {
        using var leave = new CancellationTokenSource();
        Task<ExecutionResult> run = Run(
            "const s = 'x'.repeat(3e6); for (let i = 0; i < 5; i++) callTool('stay', { s }); await new Promise(() => {})", null, leave.Token);
        await Called();

        await leave.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => Within.Deadline(run, "end"));
        await Works();
    }

    [Fact]
    public async Task A_tenant_that_holds_all_it_may_is_in_nobodys_way()
    {
        // Like most tools, it ignores the token: it holds the memory long after the run has ended.
        for (int i = 0; i < 3; i++)
        {
            Task<ExecutionResult> greedy = Run("const s = 'x'.repeat(18e5); callTool('stay', { s }); callTool('stay', { s }); return 1", new RunOptions
            {
                Tenant = "greedy",
                Timeout = TimeSpan.FromSeconds(1),
            });
            await Within.Deadline(greedy, "end");
        }

        ExecutionResult other = await Within.Deadline(
            Run("return await callTool('pass', { s: 'x'.repeat(1e6), i: 3 })", new RunOptions { Tenant = "other" }), "answer");

        Assert.Equal(3, other.Value.AsInt32());
    }

    [Theory]
    [InlineData("Array(99990).fill({})", 17_598_240)]
    [InlineData("'x'.repeat(45e5)", 9_000_000)]
    public async Task A_call_that_no_run_has_memory_for_fails_in_the_script(string value, long least)
    {
        ExecutionResult result = await Within.Deadline(
            Run($"try {{ await callTool('pass', {{ v: {value} }}) }} catch (e) {{ return [e.name, e.code, e.message] }}"), "answer");

        Assert.Equal(("RangeError", "TOOL_ARGUMENTS_TOO_LARGE"), (result.Value[0].AsString(), result.Value[1].AsString()));
        Assert.Matches($"arguments of pass are too large: reading this takes {least / 1_000_000}\\d+ bytes of the host's memory, and the limit is 8388608 " +
            "\\(HostMemoryLimitPerRun\\)", result.Value[2].AsString());
        Assert.Equal(0, _called.CurrentCount);
    }

    [Fact]
    public async Task A_result_that_no_run_has_memory_for_is_an_output_limit()
    {
        ExecutionResult result = await Within.Deadline(Run("return Array(99990).fill({})"), "answer");

        Assert.Equal(ErrorCode.OutputLimit, result.Error!.Code);
        Assert.Contains("HostMemoryLimitPerRun", result.Error.Message);
        await Works();
    }

    [Fact]
    public async Task Answers_that_a_busy_script_does_not_take_are_bounded_and_no_fault_of_its_worker()
    {
        ExecutionResult result = await Within.Deadline(
            Run("const all = []; for (let i = 0; i < 12; i++) all.push(callTool('large', {}).then((s) => s.length, (e) => e.code)); const end = Date.now() + " +
            "300; while (Date.now() < end); return await Promise.all(all)"), "answer");

        Assert.Null(result.Error);
        string[] answers = [.. result.Value.Items.Select((answer) => answer.ToString())];
        Assert.Contains("3000000", answers);
        Assert.All(answers, (answer) => Assert.True(answer is "3000000" or "\"TOOL_RESULT_TOO_LARGE\"", answer));
    }

    /// <summary>The clock of a recorded run stands still, so it keeps busy by counting.</summary>
    [Fact]
    public async Task They_are_bounded_in_a_recorded_run_too()
    {
        ExecutionResult result = await Within.Deadline(
            Run("const all = []; for (let i = 0; i < 12; i++) all.push(callTool('large', {}).then((s) => s.length, (e) => e.code)); for (let i = 0; i < 5e8; " +
            "i++); return await Promise.all(all)", new RunOptions { Record = true }), "answer");

        Assert.Null(result.Error);
        Assert.Contains("\"TOOL_RESULT_TOO_LARGE\"", result.Value.Items.Select((answer) => answer.ToString()));
    }

    private Task<ExecutionResult> Run(string code, RunOptions? options = null, CancellationToken token = default) => _host.RunAsync(code, options, token);

    private Task Called() => Within.Deadline(_called.WaitAsync(), "call");

    private async Task Works() => Assert.Equal(2, (await Within.Deadline(Run("return 1 + 1"), "answer")).Value.AsInt32());
}
