using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Application code that blocks instead of awaiting: it begins on no thread of the application's pool, and one run holds a bounded number.</summary>
public sealed class BlockingHandlerTests : IDisposable
{
    private const string ManyCalls = "await Promise.all(Array.from({ length: 100 }, () => callTool('block', {}))); return 1";

    private readonly ManualResetEventSlim _open = new();
    private int _inside;
    private int _most;
    private int _calls;
    private int _onPool;

    public void Dispose() => _open.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_of_one_run_hold_a_bounded_number_of_threads_and_none_of_the_pool(bool isRegistered)
    {
        await using EnclaveHost host = Host((options) =>
        {
            if (isRegistered) options.Tools.Add("block", () => Block());
            else options.ToolHandler = (_, _, _) => new(Block());
        });

        Task<ExecutionResult> run = host.RunAsync(ManyCalls);
        await Within.Becomes(() => Volatile.Read(ref _inside) == 16, "16 calls held a thread", () => $"{Volatile.Read(ref _inside)} did");
        _open.Set();
        ExecutionResult result = await Within.Deadline(run, "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((100, 16, 0), (_calls, _most, _onPool));
    }

    [Fact]
    public async Task Neighbours_have_their_answers_and_calls_while_many_handlers_block()
    {
        await using EnclaveHost host = Host(
            (options) => options.ToolHandler = (name, _, _) => new(name == "block" ? Block() : OnPool() ? "pool" : "own"), workers: 8);

        // More handlers than threads that read frames may lend.
        Task<ExecutionResult>[] runs = [.. Enumerable.Range(0, 6).Select((_) => host.RunAsync(ManyCalls))];
        await Within.Becomes(() => Volatile.Read(ref _inside) == 96, "96 calls held a thread", () => $"{Volatile.Read(ref _inside)} did");
        ExecutionResult neighbour = await Within.Deadline(host.RunAsync("return await callTool('free', {})"), "neighbour's answer");
        int inside = Volatile.Read(ref _inside);
        _open.Set();
        await Within.Deadline(Task.WhenAll(runs), "answers");

        Assert.Equal("own", neighbour.Value.AsString());
        Assert.Equal((96, 600, 0), (inside, _calls, _onPool));
    }

    [Fact]
    public async Task An_approval_that_blocks_holds_no_thread_of_the_pool()
    {
        await using EnclaveHost host = Host((options) =>
        {
            options.OnToolApproval = (_) => new(OnPool() ? ToolApproval.Denied("on the pool") : ToolApproval.Approved);
            options.Tools.Add("block", () => Block(), new ToolOptions { RequiresApproval = true });
        });
        _open.Set();

        ExecutionResult result = await Within.Deadline(host.RunAsync("await callTool('block', {}); return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((1, 0), (_calls, _onPool));
    }

    [Fact]
    public async Task A_tool_whose_secret_had_to_be_awaited_holds_no_thread_of_the_pool()
    {
        await using EnclaveHost host = Host((options) =>
        {
            options.Secrets = new LateSecret();
            options.Tools.Add("block", () => Block(), new ToolOptions { Secrets = ["key"] });
        });
        _open.Set();

        ExecutionResult result = await Within.Deadline(host.RunAsync("await callTool('block', {}); return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((1, 0), (_calls, _onPool));
    }

    [Fact]
    public async Task A_tool_that_waited_for_its_turn_holds_no_thread_of_the_pool()
    {
        await using EnclaveHost host = Host((options) => options.Tools.Add("block", () => Block(), new ToolOptions { MaxConcurrency = 1 }));
        _open.Set();

        ExecutionResult result = await Within.Deadline(host.RunAsync(ManyCalls), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((100, 1, 0), (_calls, _most, _onPool));
    }

    [Fact]
    public async Task A_console_handler_that_blocks_holds_no_thread_of_the_pool_and_keeps_the_callers_context()
    {
        var local = new AsyncLocal<string?> { Value = "the caller's" };
        var seen = new List<string?>();
        await using EnclaveHost host = Host((_) => { });
        _open.Set();

        ExecutionResult result = await Within.Deadline(
            host.RunAsync(
                "console.log('a'); console.log('b'); return 1",
                new RunOptions { OnConsole = (line) => seen.Add($"{Block()} {line.Text} {local.Value}") }),
            "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(["1 a the caller's", "2 b the caller's"], seen);
        Assert.Equal(0, _onPool);
    }

    [Fact]
    public async Task A_tool_has_the_context_of_its_call_and_leaves_nothing_in_its_thread()
    {
        var local = new AsyncLocal<string?>();
        var seen = new List<string?>();
        await using EnclaveHost host = Host((options) => options.Tools.Add("keep", () =>
        {
            lock (seen) seen.Add(local.Value);
            local.Value = "left";
        }));

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("await callTool('keep'); await Promise.all([callTool('keep'), callTool('keep')]); return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal([null, null, null], seen);
    }

    private int Block()
    {
        OnPool();
        int now = Interlocked.Increment(ref _inside);
        for (int most = Volatile.Read(ref _most); now > most; most = Volatile.Read(ref _most)) Interlocked.CompareExchange(ref _most, now, most);
        Assert.True(_open.Wait(TimeSpan.FromMinutes(1)), "the handlers were not released");
        Interlocked.Decrement(ref _inside);
        return Interlocked.Increment(ref _calls);
    }

    private bool OnPool()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread) return false;
        Interlocked.Increment(ref _onPool);
        return true;
    }

    private static EnclaveHost Host(Action<EnclaveOptions> change, int workers = 1)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Permissive,
            Timeout = TimeSpan.FromMinutes(2),
            WorkerPool = WorkerPoolPresets.Permissive with { MinWorkers = 1, MaxWorkers = workers },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        };
        change(options);
        return new EnclaveHost(options.WithoutGuard());
    }

    private sealed class LateSecret : ISecretSource
    {
        public async ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return "the value";
        }
    }
}
