using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Everything between a script and its tools at once: sequences, references, the operator's policy, approval, audit, recording, events.</summary>
public sealed class CompositionTests
{
    private readonly ConcurrentQueue<string> _called = [];
    private readonly ConcurrentQueue<AuditRecord> _audited = [];

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Strict)]
    public async Task Everything_together_does_what_each_does_alone(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using (EnclaveHost host = Host(level))
        {
            var events = new List<ExecutionEvent>();
            await foreach (ExecutionEvent happened in host.StreamAsync(
                """
                const report = await callTool('report', { of: 'may' });
                const kept = report.text.size > 1000 && typeof report.text.load === 'function';
                const length = await callTool('measure', { text: report.text });
                const refused = await callTool('drop', {}).catch((e) => e.code);
                const sequence = await callTool('send', { to: 'x' }).catch((e) => e.code);
                return [kept, length, refused, sequence, (await report.text.load()).length];
                """,
                new RunOptions { Tenant = "acme", Timeout = TimeSpan.FromSeconds(30), Record = true }))
            {
                events.Add(happened);
            }

            ExecutionResult result = Assert.IsType<FinishedEvent>(events[^1]).Result;
            Assert.Equal(
                "[true,3000,\"TOOL_REFUSED_BY_POLICY\",\"TOOL_SEQUENCE_BLOCKED\",3000]", result.Success ? result.Value.ToJsonString() : result.Error!.Message);
            Assert.Equal(["report", "measure"], _called);
            Assert.Equal(5, events.OfType<ToolCallEvent>().Count());

            // The referenced values are gone after the run, so there is nothing to replay.
            Assert.Null(result.Recording);
            ExecutionResult small = await host.RunAsync("return await callTool('measure', { text: 'abc' })", new RunOptions { Tenant = "acme", Record = true });
            ReplayReport replay = await host.ReplayAsync(ExecutionRecording.Parse(small.Recording!.ToJsonString()));
            Assert.True(replay.Matches, replay.Difference?.ToString());
            Assert.Equal(["report", "measure", "measure"], _called);
        }

        Assert.Equal(6, _audited.Count((record) => record.Kind == AuditRecordKind.ToolCall && record.Tenant == "acme"));
    }

    [Fact]
    public async Task A_client_outside_hears_only_of_calls_that_have_passed_and_as_they_passed()
    {
        await using EnclaveHost host = Host(SecurityLevel.Standard);
        await using ExecutionSession session = host.OpenSession(
            """
            const text = (await callTool('big', {})).text;
            const dropped = await callTool('drop', {}).catch((e) => e.code);
            return [dropped, await callTool('measured', { text })];
            """,
            new EnclaveSessionOptions { Run = new RunOptions { Tenant = "acme" } });

        var asked = new List<string>();
        await foreach (ExecutionEvent happened in session.Events())
        {
            if (happened is not ToolCallEvent) continue;
            if (session.PendingToolCalls is not [PendingToolCall call, ..]) continue;
            asked.Add(call.Name);
            if (call.Name == "big") Assert.True(session.TryAnswerToolCall(call.CallId, new { text = new string('y', 3000) }));
            else Assert.True(session.TryAnswerToolCall(call.CallId, call.Args["text"].AsString().Length));
        }

        ExecutionResult result = await Within.Deadline(session.Completion, "end of the session");
        Assert.Equal("[\"TOOL_REFUSED_BY_POLICY\",3000]", result.Success ? result.Value.ToJsonString() : result.Error!.Message);
        Assert.Equal(["big", "measured"], asked);
    }

    [Fact]
    public async Task A_reference_does_not_pass_below_a_bulk_limit()
    {
        var options = new EnclaveOptions { Sidecar = new SidecarOptions { Enabled = true, Threshold = 1024 }, SequencePolicy = SequencePolicyOptions.Strict };
        options.Tools.Add("users:ids", Called("users:ids", static (Nothing _) => (object)new { ids = Enumerable.Range(0, 1000).ToArray() }));
        options.Tools.Add("users:delete", Called("users:delete", static (Ids args) => (object)args.All.Length), new ToolOptions
        {
            Effects = ToolEffects.Deletes,
            BulkLimits = new Dictionary<string, long> { ["all"] = 100 },
        });
        await using var host = new EnclaveHost(options);

        ExecutionResult result = await host.RunAsync(
            "const r = await callTool('users:ids', {}); return await callTool('users:delete', { all: r.ids }).catch((e) => e.code)");

        Assert.Equal("TOOL_SEQUENCE_BLOCKED", result.Success ? result.Value.AsString() : result.Error!.Message);
        Assert.Equal(["users:ids"], _called);
    }

    [Fact]
    public async Task An_approval_may_take_longer_than_the_time_of_both_isolates()
    {
        var approved = new TaskCompletionSource();
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2 },
            DoubleVm = new DoubleVmOptions { ToolPolicy = "(call) => true", OuterTimeout = TimeSpan.FromMilliseconds(1500) },
            OnToolApproval = async (_) =>
            {
                await approved.Task;
                return ToolApproval.Approved;
            },
        };
        options.Tools.Add("pay", static (Measured args, ToolContext _, CancellationToken _) => Task.FromResult(args.Text.Length),
            new ToolOptions { RequiresApproval = true });
        await using var host = new EnclaveHost(options);

        Task<ExecutionResult> run = host.RunAsync("return await callTool('pay', { text: 'abc' })", new RunOptions { Timeout = TimeSpan.FromSeconds(1) });
        // Everything with a time limit ends before this one.
        ExecutionResult other = await Within.Deadline(
            host.RunAsync("await new Promise(() => {})", new RunOptions { Timeout = TimeSpan.FromSeconds(3) }), "end of the run that waits for nothing");
        Assert.False(run.IsCompleted, "the run ended while it waited for its approval");
        approved.SetResult();

        ExecutionResult result = await Within.Deadline(run, "answer after the approval");
        Assert.Equal(3, result.Success ? result.Value.AsInt32() : throw new InvalidOperationException(result.Error!.Message));
        Assert.NotNull(other);
    }

    private EnclaveHost Host(SecurityLevel level)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Preset = Guard.GuardPreset.Standard,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2, StartTimeout = TimeSpan.FromSeconds(30) },
            DoubleVm = new DoubleVmOptions { ToolPolicy = "(call) => call.name !== 'drop'" },
            Sidecar = new SidecarOptions { Enabled = true, Threshold = 1024 },
            SequencePolicy = SequencePolicyOptions.Strict,
            OnToolApproval = static (_) => new(ToolApproval.Approved),
            Audit = new AuditOptions { Sink = new Sink(_audited) },
        };
        options.Tools.Add("report", Called("report", static (Report _) => (object)new { text = new string('x', 3000) }),
            new ToolOptions { Effects = ToolEffects.Reads, Labels = ["pii"] });
        options.Tools.Add("measure", Called("measure", static (Measured args) => (object)args.Text.Length), new ToolOptions { RequiresApproval = true });
        options.Tools.Add("drop", Called("drop", static (Nothing _) => (object)"dropped"));
        options.Tools.Add("send", Called("send", static (Sent _) => (object)"sent"), new ToolOptions { Effects = ToolEffects.Sends });
        return new EnclaveHost(options);
    }

    private Func<TArgs, ToolContext, CancellationToken, Task<object>> Called<TArgs>(string name, Func<TArgs, object> tool) => (args, _, _) =>
    {
        _called.Enqueue(name);
        return Task.FromResult(tool(args));
    };

    private sealed record Report(string Of);

    private sealed record Measured(string Text);

    private sealed record Nothing;

    private sealed record Ids(int[] All);

    private sealed record Sent(string To);

    private sealed class Sink(ConcurrentQueue<AuditRecord> records) : IAuditSink
    {
        public ValueTask WriteAsync(IReadOnlyList<AuditRecord> batch, CancellationToken cancellationToken)
        {
            foreach (AuditRecord record in batch) records.Enqueue(record);
            return ValueTask.CompletedTask;
        }
    }
}
