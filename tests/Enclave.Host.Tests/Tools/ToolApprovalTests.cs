using System.Threading.Channels;
using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>Calls that need an approval, and the clocks that stop, or run on, during the wait.</summary>
public sealed class ToolApprovalTests : IAsyncLifetime
{
    private static readonly RunOptions s_short = new() { Timeout = TimeSpan.FromMilliseconds(800), CpuTimeout = TimeSpan.FromSeconds(20) };

    private readonly ManualClock _time = new();
    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>();
    private readonly TaskCompletionSource _never = new();
    private EnclaveHost? _host;
    private int _paid;

    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _never.TrySetResult();
        if (_host is not null) await _host.DisposeAsync();
    }

    [Fact]
    public async Task An_approved_call_is_made()
    {
        Host();

        Task<ExecutionResult> run = Run(
            "return await callTool('pay', { amount: 5 })", new RunOptions { Tenant = "acme", Context = "user-7", SourceName = "bill.js" });
        Question question = await Asked();
        Assert.Equal(
            ("pay", "{\"amount\":5}", "acme", "user-7", "bill.js"),
            (question.Request.Tool.Name, question.Request.Arguments.ToJsonString(), question.Request.Context.Tenant, question.Request.Context.Context,
                question.Request.Context.SourceName));
        Assert.Equal(0, _paid);
        question.Answer(ToolApproval.Approved);

        Assert.Equal("paid 5", (await run).Value.AsString());
        Assert.Equal(0, _host!.Registry.Approvals.Workers);
    }

    [Theory]
    [InlineData(null, "pay was not approved")]
    [InlineData("the budget is spent", "pay was not approved: the budget is spent")]
    public async Task A_denied_call_is_not_made(string? reason, string message)
    {
        Host();

        Task<ExecutionResult> run = Run("return await callTool('pay', { amount: 5 })");
        (await Asked()).Answer(ToolApproval.Denied(reason));

        AssertToolError(await run, "TOOL_APPROVAL_DENIED", message);
        Assert.Equal(0, _paid);
    }

    [Fact]
    public async Task A_callback_that_throws_denies()
    {
        Host();

        Task<ExecutionResult> run = Run("return await callTool('pay', { amount: 5 })");
        (await Asked()).Fail(new InvalidOperationException("password=secret"));

        AssertToolError(await run, "TOOL_APPROVAL_DENIED", "pay was not approved");
        Assert.Equal(0, _paid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approval_that_never_comes_ends_in_its_own_time(bool heedsItsToken)
    {
        Host();

        Task<ExecutionResult> run = Run("try { return await callTool('pay', { amount: 5 }) } catch (e) { return [e.code, e.message] }");
        Question question = await Asked();
        if (heedsItsToken) question.GiveUpWhenCancelled();
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            "[\"TOOL_APPROVAL_TIMEOUT\",\"pay needs an approval, and none had come after 300 s (ApprovalTimeout)\"]", (await run).Value.ToJsonString());
        Assert.True(question.Request.CancellationToken.IsCancellationRequested);
        // A late answer does not make the call.
        question.Answer(ToolApproval.Approved);
        Assert.Equal("\"next\"", (await Run("return 'next'")).Value.ToJsonString());
        Assert.Equal((0, 0), (_paid, _host!.Registry.Approvals.Workers));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task The_wait_is_not_charged_to_the_runs_time(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        Host(level);

        Task<ExecutionResult> run = Run("return await callTool('pay', { amount: 5 })", s_short);
        Question question = await Asked();
        // Another run uses its whole time while the first one waits.
        await TimeOut("return await callTool('never')");
        Assert.False(run.IsCompleted);
        question.Answer(ToolApproval.Approved);

        ExecutionResult result = await run;
        Assert.Equal("paid 5", result.Success ? result.Value.AsString() : result.Error!.Message);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Time_after_the_wait_is_charged(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        Host(level);
        foreach (string rest in (string[])["for (;;) 'x'.repeat(1000);", "await callTool('never')"])
        {
            Task<ExecutionResult> run = Run($"await callTool('pay', {{ amount: 5 }}); {rest}", s_short);
            (await Asked()).Answer(ToolApproval.Approved);

            Assert.Equal((ErrorCode.Timeout, "deadline"), Ended(await run));
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task A_script_that_runs_on_while_it_is_waited_for_is_not_charged_either(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        Host(level);

        Task<ExecutionResult> run = Run(
            "const p = callTool('pay', { amount: 5 }); const end = Date.now() + 1600; while (Date.now() < end) {} return await p", s_short);
        Question question = await Asked();
        // Far longer than the run itself may take.
        await TimeOut("return await callTool('never')", s_short with { Timeout = TimeSpan.FromMilliseconds(1200) });
        Assert.False(run.IsCompleted);
        question.Answer(ToolApproval.Approved);

        // It may have used its own time after the approval. In either case it lived past its first deadline.
        ExecutionResult result = await run;
        if (result.Success) Assert.Equal("paid 5", result.Value.AsString());
        else Assert.Equal((ErrorCode.Timeout, "deadline"), Ended(result));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Cpu_time_counts_on(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        Host(level);

        // An empty loop may reach its limit of rounds before the CPU limit.
        Task<ExecutionResult> run = Run(
            "callTool('pay', { amount: 5 }); for (;;) 'x'.repeat(1000);",
            new RunOptions { CpuTimeout = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromSeconds(4) });
        Question question = await Asked();

        Assert.Equal((ErrorCode.Timeout, "cpu"), Ended(await run));
        await Within.Becomes(() => question.Request.CancellationToken.IsCancellationRequested, "nobody waited for the approval");
        await Within.Becomes(() => _host!.Registry.Approvals.Workers == 0, "no worker waited");
    }

    [Fact]
    public async Task So_many_workers_wait_and_no_more()
    {
        Host(SecurityLevel.Standard, (options) => options.MaxPendingApprovals = 1);

        // Two waiting calls of one run are one waiting worker.
        Task<ExecutionResult> first = Run("return await Promise.all([callTool('pay', { amount: 1 }), callTool('pay', { amount: 2 })])");
        Question[] questions = [await Asked(), await Asked()];
        AssertToolError(await Run("return await callTool('pay', { amount: 3 })"), "TOOL_APPROVALS_FULL",
            "pay needs an approval, and 1 run waits for one already (MaxPendingApprovals)");
        foreach (Question question in questions) question.Answer(ToolApproval.Approved);

        Assert.Equal(2, (await first).Value.Count);
        Task<ExecutionResult> next = Run("return await callTool('pay', { amount: 4 })");
        (await Asked()).Answer(ToolApproval.Approved);
        Assert.Equal("paid 4", (await next).Value.AsString());
    }

    [Fact]
    public async Task Overlapping_waits_are_charged_only_when_the_last_has_ended()
    {
        Host();

        Task<ExecutionResult> run = Run("return await Promise.all([callTool('pay', { amount: 1 }), callTool('pay', { amount: 2 })])", s_short);
        Question first = await Asked(), second = await Asked();
        first.Answer(ToolApproval.Approved);
        await TimeOut("return await callTool('never')");
        Assert.False(run.IsCompleted);
        second.Answer(ToolApproval.Approved);

        Assert.Equal(2, (await run).Value.Count);
    }

    [Fact]
    public async Task A_cancelled_run_is_waited_for_no_longer()
    {
        Host();
        using var cancel = new CancellationTokenSource();

        Task<ExecutionResult> run = _host!.RunAsync("return await callTool('pay', { amount: 5 })", null, cancel.Token);
        Question question = await Asked();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "answer"));
        await Within.Becomes(() => question.Request.CancellationToken.IsCancellationRequested, "nobody waited for the approval");
        await Within.Becomes(() => _host.Registry.Approvals.Workers == 0, "no worker waited");
        question.Answer(ToolApproval.Approved);
        Assert.Equal("\"next\"", (await Run("return 'next'")).Value.ToJsonString());
        Assert.Equal(0, _paid);
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_are_never_put_to_anybody()
    {
        Host();

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await Run("return await callTool('pay', { amount: 'all' })")).Error!.Data!["code"]);
        Assert.False(_questions.Reader.TryRead(out _));
    }

    private void Host(SecurityLevel level = SecurityLevel.Standard, Action<EnclaveOptions>? configure = null)
    {
        EnclaveOptions options = new EnclaveOptions
        {
            SecurityLevel = level,
            TimeProvider = _time,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = 2,
                MaxWorkers = 4,
                SpareWorkers = 1,
                QueueTimeout = TimeSpan.FromHours(1),
                MaxWorkerAge = TimeSpan.FromDays(1),
                IdleTimeout = TimeSpan.FromDays(1)
            },
            OnToolApproval = async (request) =>
            {
                var question = new Question(request);
                _questions.Writer.TryWrite(question);
                return await question.Decision;
            },
        }.WithoutGuard();
        options.Tools.Add("pay", (Payment payment, ToolContext context, CancellationToken token) => Pay(payment), new ToolOptions { RequiresApproval = true });
        options.Tools.Add("never", (ScriptValue args, ToolContext context, CancellationToken token) => _never.Task.WaitAsync(token));
        configure?.Invoke(options);
        _host = new EnclaveHost(options);
    }

    private Task<string> Pay(Payment payment)
    {
        Interlocked.Add(ref _paid, payment.Amount);
        return Task.FromResult($"paid {payment.Amount}");
    }

    private Task<ExecutionResult> Run(string code, RunOptions? options = null) => Within.Deadline(_host!.RunAsync(code, options), "answer");

    private Task<Question> Asked() => Within.Deadline(_questions.Reader.ReadAsync().AsTask(), "question");

    private async Task TimeOut(string code, RunOptions? options = null) =>
        Assert.Equal((ErrorCode.Timeout, "deadline"), Ended(await Run(code, options ?? s_short)));

    private static (ErrorCode?, object?) Ended(ExecutionResult result) => (result.Error?.Code, result.Error?.Data?.GetValueOrDefault("reason"));

    private static void AssertToolError(ExecutionResult result, string code, string message)
    {
        Assert.Equal((ErrorCode.ToolError, "ToolError", message), (result.Error!.Code, result.Error.Name, result.Error.Message));
        Assert.Equal(("pay", code), (result.Error.Data!["tool"], result.Error.Data["code"]));
    }

    private sealed record Payment(int Amount);

    private sealed class Question(ToolApprovalRequest request)
    {
        private readonly TaskCompletionSource<ToolApproval> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ToolApprovalRequest Request { get; } = request;

        public Task<ToolApproval> Decision => _decision.Task;

        public void Answer(ToolApproval decision) => _decision.TrySetResult(decision);

        public void Fail(Exception fault) => _decision.TrySetException(fault);

        public void GiveUpWhenCancelled() => Request.CancellationToken.Register(() => _decision.TrySetCanceled(Request.CancellationToken));
    }
}
