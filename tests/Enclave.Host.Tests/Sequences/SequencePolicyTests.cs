using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests.Sequences;

/// <summary>The sequence policy as scripts and operators see it.</summary>
public sealed class SequencePolicyTests : IDisposable
{
    private readonly ManualClock _time = new();
    private readonly ConcurrentQueue<string> _called = [];
    private readonly ConcurrentQueue<SecurityEvent> _events = [];
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_send_after_a_sensitive_read_fails_and_says_why()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Run(host, "await callTool('users:list', {}); await callTool('wait', { seconds: 2.5 }); " +
            "try { await callTool('mail:send', {}) } catch (e) { return [e.name, e.code, e.tool, e.message] }");

        Assert.Equal(["ToolError", "TOOL_SEQUENCE_BLOCKED", "mail:send"], result.Value.Items.Take(3).Select((item) => item.AsString()));
        Assert.Equal(
            "mail:send was not called: it sends, and call 1 (users:list), 2.5 s before, read data labelled pii, for which mail:send is not cleared (rule " +
            "ReadThenSend, window 10 s). " +
            "The operator may declare mail:send ClearedFor pii, or change SequencePolicy.ReadThenSend: docs/tool-effects.md",
            result.Value[3].AsString());
        Assert.Equal(["users:list", "wait"], _called);
    }

    [Fact]
    public async Task An_uncaught_refusal_is_a_tool_error()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Run(host, "await callTool('users:list', {});\nawait callTool('mail:send', {});");

        Assert.Equal(
            (ErrorCode.ToolError, "TOOL_SEQUENCE_BLOCKED", "    at script.js:2:7"), (result.Error!.Code, result.Error.Data!["code"], result.Error.Stack));
    }

    [Theory]
    [InlineData("await callTool('mail:send', {}); await callTool('users:list', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('vault:send', {})")]
    [InlineData("await callTool('news:list', {}); await callTool('mail:send', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('wait', { seconds: 10.001 }); await callTool('mail:send', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('users:update', {})")]
    [InlineData("await callTool('news:list', {}); await callTool('users:delete', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('wait', { seconds: 31 }); await callTool('users:delete', {})")]
    [InlineData("await callTool('users:list', { limit: 60 }); await callTool('wait', { seconds: 11 }); await callTool('users:list', { limit: 60 })")]
    public async Task Calls_that_no_rule_names_are_allowed(string code)
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Run(host, code);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData("await callTool('users:list', {}); await callTool('wait', { seconds: 10 }); await callTool('mail:send', {})", "rule ReadThenSend, window 10 s")]
    [InlineData("await callTool('users:list', {}); await callTool('users:delete', {})", "rule DeleteAfterAccess, window 30 s")]
    [InlineData("await callTool('users:list', { limit: 101 })", "its argument limit asks for 101, and its bulk limit is 100 (rule Bulk)")]
    [InlineData("await callTool('users:list', { limit: -1 })", "its argument limit has no end")]
    [InlineData("await callTool('users:list', { limit: 0 / 0 })", "its argument limit has no end")]
    [InlineData("await callTool('users:list', { limit: 'all' })", "its argument limit has no end")]
    [InlineData("await callTool('users:list', { limit: true })", "its argument limit has no end")]
    [InlineData("await callTool('users:list', { limit: '0x270f' })", "its argument limit has no end")]
    [InlineData("await callTool('users:list', { limit: [9999] })", "its argument limit asks for 9999")]
    [InlineData("await callTool('users:list', { limit: 60 }); await callTool('users:list', { limit: 41 })", "asks for 41, after 60 since call 1 (users:list)")]
    [InlineData("await callTool('users:list', { page: [{ ids: [1, 2] }, { ids: [3, 4] }] })", "its argument page.ids asks for 4, and its bulk limit is 3")]
    [InlineData("for (let i = 0; i < 6; i++) await callTool('users:get', {})", "it was called 5 times since call 1 (users:get)")]
    public async Task Each_rule_names_itself_and_its_reason(string code, string words)
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Run(host, code);

        Assert.Equal("TOOL_SEQUENCE_BLOCKED", result.Error?.Data?["code"]);
        Assert.Contains(words, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_at_once_are_judged_in_their_order()
    {
        await using EnclaveHost host = Host();
        for (int i = 0; i < 50; i++)
        {
            ExecutionResult result = await Run(
                host,
                "const of = (a) => Promise.allSettled(a).then((x) => x.map((y) => y.status[0]).join('')); return await of([callTool('mail:send', {}), " +
                "callTool('users:list', {}), callTool('mail:send', {}), callTool('vault:send', {})])");

            Assert.Equal("ffrf", result.Value.AsString());
        }
    }

    [Fact]
    public async Task One_run_knows_nothing_of_another()
    {
        await using EnclaveHost host = Host();

        Assert.True((await Run(host, "await callTool('users:list', {})")).Success);
        Assert.True((await Run(host, "await callTool('mail:send', {})")).Success);
    }

    [Fact]
    public async Task The_operator_hears_of_each_refusal_once()
    {
        await using EnclaveHost host = Host();

        await Run(host, "await callTool('users:list', {}); for (let i = 0; i < 5; i++) { try { await callTool('mail:send', {}) } catch { } }",
            new RunOptions { Tenant = "acme" });

        await Within.Becomes(() => !_events.IsEmpty, "the event was told");
        SecurityEvent report = Assert.Single(_events);
        Assert.Equal((SecurityEventKind.ToolSequenceBlocked, "acme", 0), (report.Kind, report.Tenant, report.ProcessId));
        Assert.StartsWith("call 2: mail:send was not called: it sends, and call 1 (users:list)", report.Detail, StringComparison.Ordinal);
        string line = Assert.Single(_log.All, (line) => line is { Id: 26, Level: LogLevel.Warning }).Text;
        Assert.Contains("(tenant acme) was refused, call 2: mail:send was not called", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, false)]
    [InlineData(SecurityLevel.Secure, true)]
    [InlineData(SecurityLevel.Standard, true)]
    [InlineData(SecurityLevel.Permissive, true)]
    public async Task It_is_on_at_STRICT_alone_unless_somebody_says_otherwise(SecurityLevel level, bool allowed)
    {
        TestLauncher.NeedsLevel(level);
        await using (EnclaveHost host = Host(null, level)) Assert.Equal(
            allowed, (await Run(host, "await callTool('users:list', {}); await callTool('wait', { seconds: 3600 }); await callTool('mail:send', {})")).Success);
        SequencePolicyOptions other = allowed ? SequencePolicyOptions.Strict : SequencePolicyOptions.Off;
        await using (EnclaveHost host = Host(other, level))
            Assert.Equal(!allowed, (await Run(host, "await callTool('users:list', {}); await callTool('mail:send', {})")).Success);
    }

    /// <summary>
    /// The calls that the documented product's matching of substrings refuses (inventory of its faults), with every rule on for the whole run.
    /// </summary>
    [Theory]
    [InlineData("const u = await callTool('users:list', {}); await callTool('posts:get', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('posts:post', {})")]
    [InlineData("await callTool('users:list', { limit: 1000 })")]
    [InlineData("await callTool('users:list', { pattern: '*', note: 'no limit', limit: 9999 })")]
    [InlineData("for (let i = 0; i < 31; i++) await callTool('users:get', { limit: i })")]
    [InlineData("const u = await callTool('users:list', {}); await callTool('email:send', {})")]
    [InlineData("await callTool('token:get', {}); await callTool('external:webhook', {})")]
    [InlineData("await callTool('bulk:export_all', {})")]
    [InlineData("await callTool('users:list', {}); await callTool('carts:clear', {})")]
    [InlineData("await callTool('secret_credentials_get'); await callTool('http_post_external')")]
    public async Task Honest_scripts_raise_no_alarm(string code)
    {
        var options = new EnclaveOptions
        {
            SequencePolicy = SequencePolicyOptions.Strict,
            TimeProvider = _time,
            ToolHandler = (_, _, _) => new(1),
            OnSecurityEvent = _events.Enqueue,
        };
        foreach (string read in (string[])["users:list", "users:get", "posts:get", "token:get", "bulk:export_all"])
            Add(options, read, new ToolOptions { Effects = ToolEffects.Reads, Resource = read.Split(':')[0] });
        foreach (string send in (string[])["email:send", "external:webhook"]) Add(options, send, new ToolOptions { Effects = ToolEffects.Sends });
        Add(options, "posts:post", new ToolOptions { Effects = ToolEffects.Writes, Resource = "posts" });
        Add(options, "carts:clear", new ToolOptions { Effects = ToolEffects.Deletes, Resource = "carts" });
        await using var host = new EnclaveHost(options);

        ExecutionResult result = await Run(host, code);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData("Labels of the tool t is pii; expected empty without ToolEffects.Reads.")]
    [InlineData("BulkLimits of the tool t is a..b; expected names of members joined by dots, as in page.size.")]
    [InlineData("MaxCallsPerWindow of the tool t is 0; expected 1 to 1000000.")]
    [InlineData("SequencePolicy.Bulk is 00:00:00; expected above zero up to 1.00:00:00, or InfiniteTimeSpan.")]
    [InlineData("SequencePolicy.MaxCallsPerTool is 0; its range is 1 to 1000000.")]
    public void Impossible_options_are_refused_when_the_host_is_made(string message)
    {
        var options = new EnclaveOptions();
        switch (message.Split(' ')[0])
        {
            case "Labels": Add(options, "t", new ToolOptions { Effects = ToolEffects.Sends, Labels = ["pii"] }); break;
            case "BulkLimits": Add(options, "t", new ToolOptions { BulkLimits = new Dictionary<string, long> { ["a..b"] = 1 } }); break;
            case "MaxCallsPerWindow": Add(options, "t", new ToolOptions { MaxCallsPerWindow = 0 }); break;
            case "SequencePolicy.Bulk": options.SequencePolicy = new SequencePolicyOptions { Bulk = TimeSpan.Zero }; break;
            default: options.SequencePolicy = new SequencePolicyOptions { MaxCallsPerTool = 0 }; break;
        }

        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    private EnclaveHost Host() => Host(SequencePolicyOptions.Standard, SecurityLevel.Standard);

    private EnclaveHost Host(SequencePolicyOptions? policy, SecurityLevel level)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            SequencePolicy = policy,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            TimeProvider = _time,
            OnSecurityEvent = _events.Enqueue,
        };
        Add(options, "users:list", new ToolOptions
        {
            Effects = ToolEffects.Reads,
            Labels = ["pii"],
            Resource = "users",
            BulkLimits = new Dictionary<string, long> { ["limit"] = 100, ["page.ids"] = 3 },
        });
        Add(options, "users:get", new ToolOptions { Effects = ToolEffects.Reads, Resource = "users", MaxCallsPerWindow = 5 });
        Add(options, "users:update", new ToolOptions { Effects = ToolEffects.Writes, Resource = "users" });
        Add(options, "users:delete", new ToolOptions { Effects = ToolEffects.Deletes, Resource = "users" });
        Add(options, "news:list", new ToolOptions { Effects = ToolEffects.Reads, Resource = "news" });
        Add(options, "mail:send", new ToolOptions { Effects = ToolEffects.Sends });
        Add(options, "vault:send", new ToolOptions { Effects = ToolEffects.Sends, ClearedFor = ["pii", "credentials"] });
        Add(options, "wait", new ToolOptions());
        return new EnclaveHost(options, _log);
    }

    private void Add(EnclaveOptions options, string name, ToolOptions declared) => options.Tools.Add(
        name,
        (ScriptValue args, ToolContext _, CancellationToken _) =>
        {
            _called.Enqueue(name);
            if (args.TryGetProperty("seconds", out ScriptValue seconds)) _time.Advance(TimeSpan.FromSeconds(seconds.AsDouble()));
            return Task.FromResult(1);
        },
        declared);

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), $"answer to {code}");
}
