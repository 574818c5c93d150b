using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>The limits of a registered tool: callers, rate, concurrency, time; and its failures as a script sees them.</summary>
public sealed class RegisteredToolTests : IAsyncLifetime
{
    private const string SlowTimeout = "slow had not answered after 2 s (its Timeout; --tool-timeout at the command line): ask it for less, or raise it";

    private readonly ManualClock _time = new();
    private readonly TestGate _gate = new();
    private readonly TaskCompletionSource<object?> _never = new();
    private EnclaveHost? _host;
    private int _calls;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        _never.TrySetResult(null);
        if (_host is not null) await _host.DisposeAsync();
    }

    [Fact]
    public async Task Registered_tools_come_before_the_handler()
    {
        Host((options) =>
        {
            options.Tools.Add("echo", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult("registered"));
            options.ToolHandler = (name, args, context) => new ValueTask<object?>($"handled {name}");
        });

        Assert.Equal("[\"registered\",\"handled other\"]", (await Value("[await callTool('echo'), await callTool('other')]")).ToJsonString());
    }

    [Theory]
    [InlineData("user:list", "did you mean users:list?")]
    [InlineData("users:remove", "the tools of users are users:find, users:list")]
    [InlineData("zzz", "there are mail:send, users:find, users:list")]
    public async Task An_unknown_tool_is_told_which_names_are_near(string name, string hint)
    {
        Host((options) =>
        {
            foreach (string tool in (string[])["users:list", "users:find", "mail:send"]) options.Tools.Add<ScriptValue, int>(tool, Count);
            options.Tools.Add<ScriptValue, int>("users:delete", Count, new ToolOptions { AllowedTenants = ["admin"] });
        });

        Assert.Equal(("ToolError", "TOOL_UNKNOWN", $"there is no tool \"{name}\"; {hint}"), await Caught($"callTool('{name}')"));
    }

    [Fact]
    public async Task A_host_without_tools_says_so()
    {
        Host((options) => { });

        Assert.Equal(("ToolError", "TOOL_UNKNOWN", "there is no tool \"a\": no tool is open to this run"), await Caught("callTool('a')"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("'text'")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task Arguments_that_are_no_object_never_reach_a_tool(string args)
    {
        int calls = 0;
        Host((options) => options.Tools.Add("a", (ScriptValue given, ToolContext _, CancellationToken _) => Task.FromResult(++calls)));

        ExecutionResult result = await _host!.RunAsync($"return await callTool('a', {args})");

        Assert.Equal((ErrorCode.RuntimeError, "TypeError", "callTool: the second argument is an object with the tool's arguments", 0),
            (result.Error!.Code, result.Error.Name, result.Error.Message.Split(": docs/")[0].Split("; this one crosses as ")[0], calls));
    }

    [Fact]
    public async Task The_context_and_a_token_of_its_own_reach_the_tool()
    {
        Host((options) => options.Tools.Add("who", (ScriptValue args, ToolContext context, CancellationToken token) =>
            Task.FromResult($"{context.Tenant} {context.Context} {context.SourceName} {token.CanBeCanceled}")));

        Assert.Equal(
            "acme 7 a.js True", (await Value("await callTool('who')", new RunOptions { Tenant = "acme", Context = 7, SourceName = "a.js" })).AsString());
    }

    [Fact]
    public async Task The_text_of_a_tools_exception_stays_in_the_host()
    {
        Host((options) => options.Tools.Add<ScriptValue, int>("break", Break));

        Assert.Equal(("ToolError", "TOOL_FAILED", "break failed"), await Caught("callTool('break')"));
    }

    [Fact]
    public async Task Verbose_errors_tell_what_it_was()
    {
        Host((options) =>
        {
            options.VerboseErrors = true;
            options.Tools.Add<ScriptValue, int>("break", Break);
        });

        Assert.Equal(("ToolError", "TOOL_FAILED", "break failed: password=secret"), await Caught("callTool('break')"));
    }

    [Fact]
    public async Task A_tool_exception_crosses_as_it_is_and_ends_the_run_with_its_code()
    {
        Host((options) => options.Tools.Add<ScriptValue, int>("find", Missing));

        Assert.Equal(("NotFound", "E404", "no such user"), await Caught("callTool('find')"));
        ExecutionResult result = await Run("try { await callTool('find') } catch (e) { e.code = 'OTHER'; e.tool = 'other'; throw e }");
        Assert.Equal((ErrorCode.ToolError, "NotFound", "no such user"), (result.Error!.Code, result.Error.Name, result.Error.Message));
        // The host's own text, even if the script changed it.
        Assert.Equal(("find", "E404"), (result.Error.Data!["tool"], result.Error.Data["code"]));
    }

    [Fact]
    public async Task Only_its_tenants_may_call_it()
    {
        Host((options) => options.Tools.Add<ScriptValue, int>("a", Count, new ToolOptions { AllowedTenants = ["acme"] }));

        Assert.True((await Run("return await callTool('a')", new RunOptions { Tenant = "acme" })).Success);
        foreach (string? other in (string?[])["Acme", "none", null])
        {
            ExecutionResult refused = await Run("return await callTool('a')", new RunOptions { Tenant = other });
            Assert.Equal("TOOL_NOT_ALLOWED", refused.Error!.Data!["code"]);
        }

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task A_run_has_its_calls_and_the_next_run_has_its_own()
    {
        Host((options) => options.Tools.Add<ScriptValue, int>("a", Count, new ToolOptions { MaxCalls = 2 }));
        const string Script = "const out = []; for (let i = 0; i < 4; i++) { try { out.push(await callTool('a')) } catch (e) { out.push(e.code) } } return out";

        Assert.Equal("[1,2,\"TOOL_MAX_CALLS\",\"TOOL_MAX_CALLS\"]", (await Run(Script)).Value.ToJsonString());
        Assert.Equal("[3,4,\"TOOL_MAX_CALLS\",\"TOOL_MAX_CALLS\"]", (await Run(Script)).Value.ToJsonString());
    }

    [Fact]
    public async Task A_tenant_has_its_calls_in_any_window()
    {
        Host((options) => options.Tools.Add<ScriptValue, int>("a", Count, new ToolOptions { RateLimit = new ToolRateLimit(2, TimeSpan.FromMinutes(1)) }));

        Assert.Equal("ok", await Outcome("acme"));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("ok", await Outcome("acme"));
        Assert.Equal("TOOL_RATE_LIMITED", await Outcome("acme"));
        // Other tenants, and runs without one, have their own limit.
        Assert.Equal("ok", await Outcome("none"));
        Assert.Equal("ok", await Outcome(null));
        _time.Advance(TimeSpan.FromSeconds(20));
        // The first call has left the window, the second one has not.
        Assert.Equal("ok", await Outcome("acme"));
        Assert.Equal("TOOL_RATE_LIMITED", await Outcome("acme"));
        Assert.Equal(5, _calls);
    }

    [Fact]
    public async Task A_tool_that_ignores_its_token_is_answered_for_when_its_time_is_over()
    {
        Host((options) => options.Tools.Add("slow", (ScriptValue args, ToolContext context, CancellationToken token) => Arrive(_never.Task),
            new ToolOptions { Timeout = TimeSpan.FromSeconds(2) }));

        Task<(string, string, string)> caught = Caught("callTool('slow')");
        await _gate.Arrival("call of the tool");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(("ToolError", "TOOL_TIMEOUT", SlowTimeout), await caught);
        // It still runs, and counts until it ends. Its late result is dropped.
        Assert.Equal(1, _host!.Registry.UnderWay);
        _never.SetResult("late");
        await Within.Becomes(() => _host.Registry.UnderWay == 0, "nothing was under way");
        Assert.Equal("\"next\"", (await Value("'next'")).ToJsonString());
    }

    [Fact]
    public async Task A_tool_that_heeds_its_token_times_out_just_the_same()
    {
        Host((options) => options.Tools.Add("slow", (ScriptValue args, ToolContext context, CancellationToken token) => Arrive(_never.Task.WaitAsync(token)),
            new ToolOptions { Timeout = TimeSpan.FromSeconds(2) }));

        Task<(string, string, string)> caught = Caught("callTool('slow')");
        await _gate.Arrival("call of the tool");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(("ToolError", "TOOL_TIMEOUT", SlowTimeout), await caught);
        await Within.Becomes(() => _host!.Registry.UnderWay == 0, "nothing was under way");
    }

    [Fact]
    public async Task A_tool_that_cancels_itself_has_failed()
    {
        Host((options) => options.Tools.Add(
            "a", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromCanceled<int>(new CancellationToken(true))));

        Assert.Equal("TOOL_FAILED", (await Caught("callTool('a')")).Code);
    }

    [Fact]
    public async Task Calls_wait_for_their_turn()
    {
        int now = 0, most = 0;
        Host((options) => options.Tools.Add(
            "one",
            async (ScriptValue args, ToolContext context, CancellationToken token) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                await Task.Yield();
                Interlocked.Decrement(ref now);
                return 1;
            },
            new ToolOptions { MaxConcurrency = 1 }));

        Assert.Equal(20, (await Value("(await parallel(Array.from({ length: 20 }, (_, i) => i), () => callTool('one'))).length")).AsDouble());
        Assert.Equal(1, most);
        Assert.Equal(0, _host!.Registry.UnderWay);
    }

    [Fact]
    public async Task A_place_that_never_comes_free_is_waited_for_no_longer_than_a_call_may_take()
    {
        Host((options) => options.Tools.Add("slow", (ScriptValue args, ToolContext context, CancellationToken token) => Arrive(_never.Task), new ToolOptions
        {
            MaxConcurrency = 1,
            Timeout = TimeSpan.FromSeconds(2),
        }));

        Task<(string, string, string)> first = Caught("callTool('slow')");
        await _gate.Arrival("call of the tool");
        Task<(string, string, string)> second = Caught("callTool('slow')");
        await Within.Becomes(() => _host!.Registry.UnderWay == 2, "the second call waited");
        await MoveUntil(first);
        await MoveUntil(second);

        Assert.Equal("TOOL_TIMEOUT", (await first).Item2);
        Assert.Equal(("ToolError", "TOOL_BUSY", "slow has 1 call under way, the most allowed, and none had ended after 2 s"), await second);
    }

    private void Host(Action<EnclaveOptions> configure)
    {
        var options = new EnclaveOptions
        {
            TimeProvider = _time,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = 2,
                MaxWorkers = 2,
                QueueTimeout = TimeSpan.FromHours(1),
            }
        }
            .WithoutGuard();
        configure(options);
        _host = new EnclaveHost(options);
    }

    /// <summary>Moves the clock forward until the waiting caller has an answer: the wait may begin after the first move.</summary>
    private Task MoveUntil(Task answered) => Within.Becomes(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return answered.IsCompleted;
        },
        "the time was over");

    private Task<int> Count(ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(Interlocked.Increment(ref _calls));

    private static Task<int> Break(ScriptValue args, ToolContext context, CancellationToken token) => throw new InvalidOperationException("password=secret");

    private static Task<int> Missing(ScriptValue args, ToolContext context, CancellationToken token) =>
        throw new ToolException("no such user") { Name = "NotFound", Code = "E404" };

    private async Task<object?> Arrive(Task<object?> then)
    {
        _gate.Arrive();
        return await then;
    }

    private Task<ExecutionResult> Run(string code, RunOptions? options = null) => Within.Deadline(_host!.RunAsync(code, options), "answer");

    private async Task<ScriptValue> Value(string expression, RunOptions? options = null)
    {
        ExecutionResult result = await Run($"return {expression}", options);
        Assert.True(result.Success, result.Error?.Message);
        return result.Value;
    }

    private async Task<(string Name, string Code, string Message)> Caught(string call)
    {
        ScriptValue error = await Value($"await {call}.then(() => ({{ name: 'none' }}), (e) => ({{ name: e.name, code: e.code, message: e.message }}))");
        return (error["name"].AsString(), error["code"].AsString(), error["message"].AsString());
    }

    private async Task<string> Outcome(string? tenant)
    {
        ExecutionResult result = await Run("return await callTool('a')", new RunOptions { Tenant = tenant });
        return result.Success ? "ok" : (string)result.Error!.Data!["code"]!;
    }
}
