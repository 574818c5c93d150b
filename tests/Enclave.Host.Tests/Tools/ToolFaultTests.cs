using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>Tools that misbehave: each call ends with a clear code, within its time limit, and the host goes on.</summary>
public sealed class ToolFaultTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _released = new();
    private readonly EnclaveHost _host, _handled;

    public ToolFaultTests()
    {
        EnclaveOptions options = new EnclaveOptions().WithoutGuard();
        var limits = new ToolOptions { Timeout = TimeSpan.FromMilliseconds(500) };
        options.Tools.Add("text", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new string('x', 100 << 20)),
            new ToolOptions { Timeout = TimeSpan.FromSeconds(20) });
        options.Tools.Add("bytes", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new byte[100 << 20]));
        options.Tools.Add("nested", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(
            new { rows = Enumerable.Repeat(new string('x', 1 << 20), 100) }));
        options.Tools.Add(
            "just-above", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new { text = new string('x', 16 << 20) }));
        options.Tools.Add("endless", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(Endless()));
        options.Tools.Add("endless-async", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(EndlessAsync()));
        options.Tools.Add("itself", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new Knot()));
        options.Tools.Add("deep", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(Deep(500)));
        options.Tools.Add("function", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult<object>((Func<int>)(() => 1)));
        options.Tools.Add(
            "type", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult<object>(new { type = typeof(EnclaveHost) }));
        options.Tools.Add("throwing-getter", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new Thorns()));
        options.Tools.Add("throwing-sequence", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(Broken()));
        options.Tools.Add(
            "stuck-getter", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(new Swamp(_released.Task)), limits);
        options.Tools.Add<ScriptValue>("blocks", Block, limits);
        options.Tools.Add("ignores", (ScriptValue args, ToolContext context, CancellationToken token) => _released.Task, limits);
        options.Tools.Add("null-task", (ScriptValue args, ToolContext context, CancellationToken token) => ((Task<int>?)null)!);
        options.Tools.Add<ScriptValue>("blocks-for-ever", Block);
        _host = new EnclaveHost(options);
        var handled = new EnclaveOptions
        {
            ToolHandler = (name, args, context) => new ValueTask<object?>(name switch
            {
                "text" => new string('x', 100 << 20),
                "itself" => new Knot(),
                "throwing-getter" => new Thorns(),
                _ => (Func<int>)(() => 1),
            }),
        };
        _handled = new EnclaveHost(handled.WithoutGuard());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        await _host.DisposeAsync();
        await _handled.DisposeAsync();
    }

    [Theory]
    [InlineData("text", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("bytes", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("nested", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("just-above", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("endless", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("endless-async", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("itself", "TOOL_RESULT_INVALID")]
    [InlineData("deep", "TOOL_RESULT_INVALID")]
    [InlineData("function", "TOOL_RESULT_INVALID")]
    [InlineData("type", "TOOL_RESULT_INVALID")]
    [InlineData("throwing-getter", "TOOL_FAILED")]
    [InlineData("throwing-sequence", "TOOL_FAILED")]
    [InlineData("stuck-getter", "TOOL_TIMEOUT")]
    [InlineData("blocks", "TOOL_TIMEOUT")]
    [InlineData("ignores", "TOOL_TIMEOUT")]
    [InlineData("null-task", "TOOL_FAILED")]
    public async Task A_misbehaving_tool_is_one_failed_call(string tool, string code)
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync($"try {{ return await callTool('{tool}') }} catch (e) {{ return [e.code, e.message, e.stack] }}"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(code, result.Value[0].AsString());
        Assert.DoesNotContain("secret", result.Value.ToJsonString(), StringComparison.Ordinal);
        // The host and the worker go on.
        ExecutionResult next = await Within.Deadline(_host.RunAsync("return 1"), "answer");
        Assert.Equal(result.Stats.WorkerId, next.Stats.WorkerId);
    }

    [Fact]
    public async Task A_tool_that_blocks_for_ever_holds_neither_the_run_nor_its_answer()
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync("return await callTool('blocks-for-ever')", new RunOptions { Timeout = TimeSpan.FromMilliseconds(300) }), "answer");

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        Assert.Equal(1, _host.Registry.UnderWay);
        _released.SetResult();
        await Within.Becomes(() => _host.Registry.UnderWay == 0, "nothing was under way");
    }

    [Theory]
    [InlineData("text", "TOOL_RESULT_TOO_LARGE")]
    [InlineData("itself", "TOOL_RESULT_INVALID")]
    [InlineData("function", "TOOL_RESULT_INVALID")]
    [InlineData("throwing-getter", "TOOL_FAILED")]
    public async Task A_handlers_result_that_cannot_cross_is_a_failed_call_too(string tool, string? code)
    {
        ExecutionResult result = await Within.Deadline(_handled.RunAsync($"return await callTool('{tool}')"), "answer");

        Assert.Equal((ErrorCode.ToolError, code), (result.Error!.Code, result.Error.Data!["code"]));
    }

    private Task Block(ScriptValue args, ToolContext context, CancellationToken token)
    {
        // A tool that blocks its thread, as careless code does.
        _released.Task.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }

    private static async IAsyncEnumerable<string> EndlessAsync()
    {
        // Long ones: each await is a turn of the thread pool, and the test would spend its time on millions of turns.
        string again = new('a', 1000);
        while (true)
        {
            await Task.Yield();
            yield return again;
        }
    }

    private static IEnumerable<int> Broken()
    {
        yield return 1;
        throw new InvalidOperationException("password=secret");
    }

    private static object[] Deep(int levels)
    {
        object[] value = [];
        for (int i = 0; i < levels; i++) value = [value];
        return value;
    }

    private sealed class Knot
    {
        public Knot Self => this;
    }

    private sealed class Thorns
    {
        public int Rose { get; } = 1;

        public int Thorn => Rose > 0 ? throw new InvalidOperationException("password=secret") : 0;
    }

    private sealed class Swamp(Task released)
    {
        public int Depth
        {
            get
            {
                released.GetAwaiter().GetResult();
                return 1;
            }
        }
    }
}
