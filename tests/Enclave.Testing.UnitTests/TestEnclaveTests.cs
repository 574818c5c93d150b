using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Testing.Tests;

public sealed class TestEnclaveTests
{
    [Fact]
    public async Task A_script_returns_what_the_test_says()
    {
        await using var enclave = new TestEnclave();
        enclave.When("return 1").Returns(new { total = 42, names = new[] { "a", "b" } });

        ExecutionResult result = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(42, result.Value["total"].AsDouble());
        Assert.Equal("b", result.Value["names"][1].AsString());
    }

    [Fact]
    public async Task References_and_long_answers_reach_the_script_as_in_production()
    {
        await using var enclave = new TestEnclave((options) =>
        {
            options.SecurityLevel = SecurityLevel.Secure;
            options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
            options.Sidecar = new SidecarOptions { Enabled = true };
            options.ToolHandler = (name, _, _) => new(name == "text" ? new string('x', 1 << 20) : Enumerable.Repeat(1, 20_000).ToArray());
        });
        enclave.When("return 1").Runs(async (script) => $"{(await script.CallAsync("text")).Kind} {(await script.CallAsync("rows")).Count}");

        ExecutionResult result = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer");

        Assert.Equal("Reference 20000", result.Success ? result.Value.AsString() : result.Error!.Message);
    }

    [Fact]
    public async Task Tools_are_the_applications_own()
    {
        await using var enclave = new TestEnclave(
            (options) => options.ToolHandler = (name, args, context) => new($"{name} for {context.Context}: {args["since"].AsDouble()}"));
        enclave.When("return await callTool('orders')").Runs(async (script) => await script.CallAsync("orders", new { since = 7 }));

        ExecutionResult result = await Within.Deadline(enclave.Host.RunAsync("return await callTool('orders')", new RunOptions { Context = "acme" }), "answer");

        Assert.Equal("orders for acme: 7", result.Value.AsString());
        Assert.Equal(1, result.Stats.ToolCallCount);
    }

    [Fact]
    public async Task A_tool_that_fails_throws_in_the_script_and_can_be_caught()
    {
        await using var enclave = new TestEnclave(
            (options) => options.ToolHandler = (name, args, context) => throw new ToolException("no such order") { Code = "E404" });
        enclave.When("return 1").Runs(async (script) =>
        {
            ToolException fault = await Assert.ThrowsAsync<ToolException>(() => script.CallAsync("orders"));
            return $"{fault.Code}: {fault.Message}";
        });
        enclave.When("return 2").Runs(async (script) => await script.CallAsync("orders"));

        ExecutionResult caught = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer"), thrown = await Within.Deadline(
            enclave.Host.RunAsync("return 2"), "answer");

        Assert.Equal("E404: no such order", caught.Value.AsString());
        Assert.Equal(ErrorCode.ToolError, thrown.Error!.Code);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_end_the_run_even_if_the_test_catches_them()
    {
        await using var enclave = new TestEnclave((options) => options.ToolHandler = (name, args, context) => new(1));
        enclave.When("return 1").Runs(async (script) =>
        {
            await script.CallAsync("a");
            await Record.ExceptionAsync(() => script.CallAsync("a"));
            return "unharmed";
        });

        ExecutionResult result = await Within.Deadline(enclave.Host.RunAsync("return 1", new RunOptions { MaxToolCalls = 1 }), "answer");

        Assert.Equal(ErrorCode.MaxToolCalls, result.Error!.Code);
    }

    [Theory]
    [InlineData(ErrorCode.Timeout)]
    [InlineData(ErrorCode.MemoryLimitExceeded)]
    [InlineData(ErrorCode.MaxToolCalls)]
    [InlineData(ErrorCode.MaxIterations)]
    [InlineData(ErrorCode.OutputLimit)]
    [InlineData(ErrorCode.WorkerCrashed)]
    public async Task A_script_meets_what_the_test_says_and_the_next_one_runs(ErrorCode code)
    {
        await using var enclave = new TestEnclave();
        enclave.When("return 1").Meets(code);
        enclave.When("return 2").Returns(2);

        ExecutionResult met = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer"), next = await Within.Deadline(
            enclave.Host.RunAsync("return 2"), "answer");

        Assert.Equal(code, met.Error!.Code);
        Assert.Equal(2, next.Value.AsDouble());
    }

    [Fact]
    public async Task An_error_that_no_script_can_meet_is_refused_where_it_is_written()
    {
        await using var enclave = new TestEnclave();

        Assert.Contains(
            "QUEUE_FULL", Assert.Throws<ArgumentException>(() => enclave.When("return 1").Meets(ErrorCode.QueueFull)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_hangs_ends_by_its_timeout_or_its_callers_token()
    {
        await using var enclave = new TestEnclave();
        enclave.When("return 1").Hangs();

        ExecutionResult late = await Within.Deadline(enclave.Host.RunAsync("return 1", new RunOptions { Timeout = TimeSpan.FromMilliseconds(50) }), "answer");
        using var cancelled = new CancellationTokenSource();
        Task<ExecutionResult> run = enclave.Host.RunAsync("return 1", null, cancelled.Token);
        await cancelled.CancelAsync();

        Assert.Equal(ErrorCode.Timeout, late.Error!.Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "end"));
    }

    [Fact]
    public async Task Errors_and_lines_are_the_scripts()
    {
        await using var enclave = new TestEnclave();
        enclave.When("return 1").Runs((script) =>
        {
            script.Print("a line");
            throw new InvalidOperationException("something of the test's");
        });
        enclave.When("return 2").Throws("no", "RangeError");

        ExecutionResult first = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer"), second = await Within.Deadline(
            enclave.Host.RunAsync("return 2"), "answer");

        Assert.Equal((ErrorCode.RuntimeError, "something of the test's", "a line\n"), (first.Error!.Code, first.Error.Message, first.Stdout));
        Assert.Equal((ErrorCode.RuntimeError, "RangeError", "no"), (second.Error!.Code, second.Error.Name, second.Error.Message));
    }

    [Fact]
    public async Task The_guard_is_the_real_one_and_what_it_refuses_comes_to_no_worker()
    {
        await using var enclave = new TestEnclave((options) => options.SecurityLevel = SecurityLevel.Strict);
        enclave.When((_) => true).Returns("ran");

        ExecutionResult refused = await Within.Deadline(enclave.Host.RunAsync("return eval('1')"), "answer"), ran = await Within.Deadline(
            enclave.Host.RunAsync("return 1 // as written"), "answer");

        Assert.Equal(ErrorCode.ValidationError, refused.Error!.Code);
        Assert.Equal("ran", ran.Value.AsString());
        Assert.Equal(["return 1 // as written"], enclave.Runs.Select((run) => run.Code));
    }

    [Fact]
    public async Task A_script_that_the_test_forgot_says_so()
    {
        await using var enclave = new TestEnclave();

        ExecutionResult result = await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer");

        Assert.Contains("no behaviour of this script was defined with TestEnclave.When: return 1", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_latest_word_on_a_script_holds_and_globals_are_seen()
    {
        await using var enclave = new TestEnclave((options) => options.Globals = new Dictionary<string, object?> { ["region"] = "eu" });
        enclave.When("return 1").Returns("first");
        enclave.When("return 1").Runs((script) => Task.FromResult<object?>(script.Globals["region"]));

        Assert.Equal("eu", (await Within.Deadline(enclave.Host.RunAsync("return 1"), "answer")).Value.AsString());
    }

    [Fact]
    public async Task A_full_queue_is_the_pools_and_many_runs_each_have_their_own_answer()
    {
        await using var enclave = new TestEnclave((options) => options.Adapter = EnclaveAdapter.WorkerPool);
        enclave.When((_) => true).Runs((script) => Task.FromResult<object?>(script.Run.Code));
        string[] codes = [.. Enumerable.Range(0, 100).Select((i) => $"return {i}")];

        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(codes.Select((code) => enclave.Host.RunAsync(code))), "answers");

        Assert.Equal(codes, results.Select((result) => result.Success ? result.Value.AsString() : result.Error!.Message));
    }
}
