using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>The audit records of runs and tool calls.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task A_run_and_its_tool_calls_have_a_record_each()
    {
        var sink = new MemorySink();
        const string Code = "await callTool('find', { id: 7 }); try { await callTool('fail', {}) } catch {} return 1";
        ExecutionResult result;
        await using (EnclaveHost host = Host(sink))
        {
            result = await Within.Deadline(host.RunAsync(Code, new RunOptions { Tenant = "acme", SourceName = "report.js" }), "answer");
        }

        AuditRecord[] records = sink.Records;
        Assert.Equal(["ToolCall find OK ", "ToolCall fail TOOL_ERROR E404", "Run  OK "], records.Select(
            (record) => $"{record.Kind} {record.Tool} {record.Outcome} {record.ToolErrorCode}"));
        Assert.Equal([1L, 2L, 3L], records.Select((record) => record.Sequence));
        Assert.All(records, (record) => Assert.Equal(("acme", "report.js", Sha256(Code), SecurityLevel.Standard, 1L), (
            record.Tenant, record.Source, record.CodeSha256, record.Level!.Value, record.Job!.Value)));
        Assert.Single(records.Select((record) => record.Host).Distinct());
        AuditRecord run = records[2];
        Assert.Equal((2, result.Stats.WorkerId, result.Stats.Isolation, result.Stats.Duration, result.Stats.QueueWait),
            (run.ToolCalls, run.WorkerId, run.Isolation, run.Duration!.Value, run.QueueWait!.Value));
    }

    [Theory]
    [InlineData(AuditArguments.Omit, 4096, null, false)]
    [InlineData(AuditArguments.Hash, 4096, null, true)]
    [InlineData(AuditArguments.Full, 4096, "{\"id\":7,\"q\":\"a\\nb\"}", false)]
    [InlineData(AuditArguments.Full, 19, "{\"id\":7,\"q\":\"a\\nb\"}", false)]
    [InlineData(AuditArguments.Full, 18, null, true)]
    public async Task Arguments_are_kept_by_policy(AuditArguments policy, int maxBytes, string? arguments, bool hash)
    {
        var sink = new MemorySink();
        await using (EnclaveHost host = Host(sink, (audit) => audit with { Arguments = policy, MaxArgumentBytes = maxBytes }))
        {
            await Within.Deadline(host.RunAsync("await callTool('find', { id: 7, q: 'a\\nb' })"), "answer");
        }

        AuditRecord call = sink.Records[0];
        Assert.Equal(arguments, call.Arguments);
        Assert.Equal(hash ? Sha256("{\"id\":7,\"q\":\"a\\nb\"}") : null, call.ArgumentsSha256);
        Assert.Equal(19, call.ArgumentBytes);
    }

    [Fact]
    public async Task Runs_that_never_ran_are_in_it()
    {
        var sink = new MemorySink();
        var gate = new TestGate();
        using var cancelled = new CancellationTokenSource();
        await using (EnclaveHost host = Host(sink, tools: gate.Handle, options: (options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = 1,
                MaxWorkers = 1,
                MaxQueueSize = 1,
                QueueTimeout = TimeSpan.FromMilliseconds(200),
                GracefulShutdownTimeout = TimeSpan.Zero,
            };
            options.Scoring = new ScoringOptions { BlockThreshold = 60 };
        }))
        {
            // Otherwise the first run could wait for its worker longer than its time limit.
            await Within.Deadline(host.WarmUpAsync(), "warm worker");
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync("return 'cancelled before'", cancellationToken: cancelled.Token));
            await host.RunAsync("while (true) {}");
            await host.RunAsync(
                "const page = await callTool('users:list', { limit: 50000 }); await callTool('mail:send', { to: 'x@y.z', password: page.items[0].password })");
            using var later = new CancellationTokenSource();
            Task<ExecutionResult> running = host.RunAsync(TestGate.Script, cancellationToken: later.Token);
            await gate.Arrival();
            Task<ExecutionResult> waiting = host.RunAsync("return 'waits'");
            await Within.Becomes(() => host.GetSnapshot().QueueDepth == 1, "one run waits");
            await Within.Deadline(host.RunAsync("return 'is too many'"), "refusal");
            await Within.Deadline(waiting, "end of the wait");
            await later.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(running, "cancelled run"));
            _ = host.RunAsync(TestGate.Script);
            await gate.Arrival();
        }

        Assert.Equal(
            ["CALLER_CANCELLED", "VALIDATION_ERROR", "SCORING_BLOCKED", "QUEUE_FULL", "QUEUE_TIMEOUT", "ABANDONED gate", "CALLER_CANCELLED", "ABANDONED gate",
                "POOL_DISPOSED"],
            sink.Records.Select((record) => $"{record.Outcome} {record.Tool}".TrimEnd()));
        AuditRecord[] given = [.. sink.Records.Where((record) => record.Kind == AuditRecordKind.Run && record.Outcome == "CALLER_CANCELLED")];
        Assert.Equal((0, true), (given[0].WorkerId, given[1].WorkerId > 0));
        Assert.Equal([1L, 2L, 3L, 6L, 5L, 4L, 7L], sink.Records.Where((record) => record.Kind == AuditRecordKind.Run).Select((record) => record.Job!.Value));
    }

    [Fact]
    public async Task A_thousand_concurrent_runs_lose_and_double_nothing()
    {
        using var folder = new AuditFolder();
        int runs = 0;
        await using (EnclaveHost host = Host(
            new JsonLinesAuditSink(folder.File), (audit) => audit with { Arguments = AuditArguments.Full, QueueSize = 1_000_000 }, options: (options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with { MaxWorkers = 2, MaxQueueSize = 1000, QueueTimeout = TimeSpan.FromMinutes(5) };
        }))
        {
            // Some are refused, some fail, some are ended by their time limit during calls.
            ExecutionResult[] results = await Within.Deadline(
                Task.WhenAll(Enumerable.Range(0, 1000).Select((i) => host.RunAsync(
                    (i % 20) switch
                    {
                        0 => "while (true) {}",
                        1 => $"await callTool('fail', {{ i: {i} }})",
                        2 => "throw new Error('x')",
                        _ => $"await Promise.all([1, 2, 3].map((n) => callTool('find', {{ i: {i}, n }}))); return {i}",
                    }, new RunOptions { Tenant = $"t{i % 7}", SourceName = $"{i}.js" }))), "answers");
            runs = results.Length;
        }

        JsonElement[] lines = [.. File.ReadLines(folder.File).Select((line) => JsonDocument.Parse(line).RootElement)];
        JsonElement[] ended = [.. lines.Where((line) => line.GetProperty("kind").GetString() == "run")];
        Assert.Equal(Enumerable.Range(0, runs).Select((i) => $"{i}.js").Order(StringComparer.Ordinal),
            ended.Select((line) => line.GetProperty("source").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, lines.Length), lines.Select((line) => line.GetProperty("sequence").GetInt32()));
        Assert.Equal(
            ended.Sum((line) => line.GetProperty("toolCalls").GetInt32()),
            lines.Where((line) => line.GetProperty("kind").GetString() == "tool")
                .Select((line) => $"{line.GetProperty("job")} {line.GetProperty("call")}").Distinct().Count());
        Assert.Equal(50 + (850 * 3), lines.Count((line) => line.GetProperty("kind").GetString() == "tool"));
    }

    [Fact]
    public async Task A_line_has_the_documented_members_and_stays_one_line()
    {
        using var folder = new AuditFolder();
        await using (EnclaveHost host = Host(new JsonLinesAuditSink(folder.File), (audit) => audit with { Arguments = AuditArguments.Full }))
        {
            await Within.Deadline(
                host.RunAsync("await callTool('find', { text: 'line\\nfeed\\u2028\\ud800' }); return 1", new RunOptions { Tenant = "a\nb" }), "answer");
        }

        string[] lines = File.ReadAllText(folder.File).TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            ["v", "host", "sequence", "time", "kind", "job", "runId", "tenant", "source", "codeSha256", "level", "outcome", "durationMs", "call", "tool",
                "arguments", "argumentBytes"],
            JsonDocument.Parse(lines[0]).RootElement.EnumerateObject().Select((member) => member.Name));
        Assert.Equal(
            ["v", "host", "sequence", "time", "kind", "job", "runId", "tenant", "source", "codeSha256", "level", "outcome", "queueMs", "durationMs",
                "cpuMs", "toolCalls", "worker", "isolation"],
            JsonDocument.Parse(lines[1]).RootElement.EnumerateObject().Select((member) => member.Name));
        Assert.Equal("a\nb", JsonDocument.Parse(lines[0]).RootElement.GetProperty("tenant").GetString());
    }

    [Fact]
    public async Task A_replay_is_marked_and_calls_no_tool()
    {
        var sink = new MemorySink();
        int called = 0;
        await using (EnclaveHost host = Host(sink, tools: (name, args, context) => new(++called)))
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync("return await callTool('t')", new RunOptions { Record = true }), "answer");
            await Within.Deadline(host.ReplayAsync(result.Recording!), "replay");
        }

        Assert.Equal([null, null, true, true], sink.Records.Select((record) => record.Replay));
        Assert.Equal(1, called);
    }

    [Fact]
    public async Task Without_an_audit_a_snapshot_shows_none()
    {
        await using var host = new EnclaveHost();

        Assert.Equal((0, 0L, false), (host.GetSnapshot().AuditWaiting, host.GetSnapshot().AuditDropped, host.GetSnapshot().AuditFailing));
    }

    [Theory]
    [InlineData("QueueSize", 0)]
    [InlineData("QueueSize", 1_000_001)]
    [InlineData("MaxArgumentBytes", -1)]
    [InlineData("FlushTimeout", -1)]
    [InlineData("WhenFull", 9)]
    public void An_option_out_of_range_is_named(string option, int value)
    {
        var audit = new AuditOptions { Sink = new MemorySink() };
        audit = option switch
        {
            "QueueSize" => audit with { QueueSize = value },
            "MaxArgumentBytes" => audit with { MaxArgumentBytes = value },
            "FlushTimeout" => audit with { FlushTimeout = TimeSpan.FromSeconds(value) },
            _ => audit with { WhenFull = (AuditOverflow)value },
        };

        Assert.Contains($"Audit.{option} is", Assert.Throws<ArgumentException>(() => new EnclaveHost(new EnclaveOptions { Audit = audit })).Message,
            StringComparison.Ordinal);
    }

    internal static EnclaveHost Host(
        IAuditSink sink, Func<AuditOptions, AuditOptions>? audit = null, ToolHandler? tools = null, Action<EnclaveOptions>? options = null,
        Microsoft.Extensions.Logging.ILoggerFactory? log = null)
    {
        var all = new EnclaveOptions { ToolHandler = tools ?? Answer, Audit = new AuditOptions { Sink = sink } };
        if (audit is not null) all.Audit = audit(all.Audit);
        options?.Invoke(all);
        return new EnclaveHost(all, log);
    }

    private static ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context) =>
        name == "fail" ? throw new ToolException("no such row") { Code = "E404" } : new(args);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
