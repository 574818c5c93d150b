using System.Text;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// The texts for models about each failure, compared with error-texts.txt: from real runs if a
/// script can cause it, else from made errors with a host's details.
/// </summary>
public sealed class ErrorModelTextTests
{
    private const string Secret = "/opt/enclave/worker";

    private static readonly string s_file = Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Models", "error-texts.txt");

    /// <summary>Failures of scripts: the case, the level, and the script.</summary>
    private static readonly (string Title, string Code, RunOptions? Run)[] s_scripts =
    [
        ("VALIDATION_ERROR: rules", "const n = [];\nwhile (n.length < 3) n.push(1);\nprocess.exit();\nreturn n.constructor", null),
        ("VALIDATION_ERROR: grammar", "const a = 1;\nreturn a +", null),
        ("TIMEOUT: one tool", "await callTool('never', {})", new RunOptions { Timeout = TimeSpan.FromSeconds(2) }),
        ("TIMEOUT: computing", "let n = 0;\nfor (let i = 0; i < 1e9; i++) n += i;", new RunOptions
        {
            CpuTimeout = TimeSpan.FromMilliseconds(50), MaxIterations = 1_000_000_000,
        }),
        ("MAX_TOOL_CALLS: in all", "for (let i = 0; i < 6; i++) await callTool('echo', { i })", new RunOptions { MaxToolCalls = 5 }),
        ("MAX_TOOL_CALLS: at once", "await Promise.all([1, 2, 3, 4].map((n) => callTool('never', { n })))", null),
        ("MAX_ITERATIONS: one loop", "let n = 0;\nfor (let i = 0; i < 101; i++) n++;", new RunOptions { MaxIterations = 100 }),
        ("MAX_ITERATIONS: all loops", "const a = Array(100).fill(0);\nfor (const x of a) {\n  for (const y of a);\n  for (const z of [1]);\n}",
            new RunOptions { MaxIterations = 100 }),
        ("TOOL_ERROR", "const a = 1;\nreturn await callTool('fail', { a });", null),
        ("VALIDATION_ERROR: no such tool", "return await callTool('users:get', { id: 7 });", null),
        ("TOOL_ERROR: no such tool", "const get = (id) => callTool('users:get', { id });\ntry { JSON.parse('7') } catch (e) { }\nreturn await get(7);", null),
        ("VALIDATION_ERROR: arguments", "return await callTool('users:read', { id: '7', of: 1 });", null),
        ("TOOL_ERROR: arguments", "const id = ['7'][0];\nreturn await callTool('users:read', { id });", null),
        ("TOOL_ERROR: a sequence", "await callTool('users:read', { id: 7 });\nreturn await callTool('mail:send', { id: 7 });", null),
        ("MEMORY_LIMIT_EXCEEDED", "const a = [];\nfor (let i = 0; i < 9999; i++) a.push(Array(10000).fill({ i }).map((x) => ({ ...x })));", null),
        ("RUNTIME_ERROR: thrown", "// first\nthrow new Error('no such plan')", null),
        ("RUNTIME_ERROR: null", "const user = await callTool('echo', {});\nreturn user.name.first;", null),
        ("RUNTIME_ERROR: no function", "const user = { name: 'Ann' };\nreturn user.name();", null),
        ("RUNTIME_ERROR: too early", "const f = () => b;\nf();\nconst b = 1;", null),
        ("RUNTIME_ERROR: recursion", "const f = (n) => f(n + 1) + 1;\nreturn f(0);", null),
        ("RUNTIME_ERROR: size", "const n = -1;\nreturn 'x'.repeat(n);", null),
        ("RUNTIME_ERROR: long and hostile words", "throw new Error('\\u0007\\n== \\u{1F600}' + 'x'.repeat(600))", null),
        ("OUTPUT_LIMIT: lines", "for (let i = 0; i < 9; i++) console.log(i)", new RunOptions { MaxConsoleCalls = 5 }),
        ("OUTPUT_LIMIT: bytes", "console.log('x'.repeat(2000))", new RunOptions { MaxConsoleBytes = 1000 }),
        ("OUTPUT_LIMIT: value", "let a = [];\nfor (let i = 0; i < 60; i++) a = [a];\nreturn { rows: a };", null),
    ];

    /// <summary>Failures of hosts whose messages or data may contain details of the machine.</summary>
    private static readonly (string Title, ErrorCode Code, Dictionary<string, object?> Data)[] s_hosts =
    [
        ("QUEUE_FULL", ErrorCode.QueueFull, new() { ["queueDepth"] = 20, ["lastStartFailure"] = Secret }),
        ("TIMEOUT: waiting", ErrorCode.Timeout, new() { ["reason"] = "deadline", ["limitMs"] = 100.0 }),
        ("QUEUE_TIMEOUT", ErrorCode.QueueTimeout, new() { ["queueDepth"] = 20, ["lastStartFailure"] = Secret }),
        ("WORKER_CRASHED: while it ran", ErrorCode.WorkerCrashed, new() { ["reason"] = Secret, ["exit"] = 139 }),
        ("WORKER_UNAVAILABLE", ErrorCode.WorkerUnavailable, new() { ["phase"] = "start", ["lastStartFailure"] = Secret }),
        ("PROTOCOL_VIOLATION", ErrorCode.ProtocolViolation, new() { ["reason"] = Secret }),
        ("CANCELLED", ErrorCode.Cancelled, new() { ["reason"] = Secret }),
        ("POOL_DISPOSED", ErrorCode.PoolDisposed, new() { ["reason"] = Secret }),
        ("ISOLATION_UNAVAILABLE", ErrorCode.IsolationUnavailable, new() { ["layers"] = new[] { Secret } }),
        ("LIBRARY_FAILED", ErrorCode.LibraryFailed, new() { ["phase"] = "start", ["lastStartFailure"] = Secret }),
        ("REPLAY_DIVERGED", ErrorCode.ReplayDiverged, new() { ["recorded"] = Secret }),
        ("JOURNAL_UNAVAILABLE", ErrorCode.JournalUnavailable, []),
        ("SUSPENDED", ErrorCode.Suspended, []),
        ("QUOTA_EXCEEDED", ErrorCode.QuotaExceeded, new() { ["quota"] = Secret }),
        ("TENANT_SUSPENDED", ErrorCode.TenantSuspended, new() { ["state"] = Secret }),
        ("TENANT_PAUSED", ErrorCode.TenantPaused, []),
        ("TENANT_UNKNOWN", ErrorCode.TenantUnknown, []),
        ("SHARE_FULL", ErrorCode.ShareFull, new() { ["limit"] = Secret }),
    ];

    [Fact]
    public async Task Every_code_has_its_text()
    {
        TestLauncher.NeedsLevel(SecurityLevel.Strict);
        var texts = new StringBuilder();
        var codes = new HashSet<ErrorCode>();
        await using (EnclaveHost host = Host())
        {
            foreach ((string title, string code, RunOptions? run) in s_scripts)
                Add(title, await Within.Deadline(host.RunAsync(code, run), $"answer of {title}"));
        }

        await using (var host = new EnclaveHost(
            new EnclaveOptions { SecurityLevel = SecurityLevel.Strict, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() }))
        {
            Add("VALIDATION_ERROR: at STRICT", await host.RunAsync("const m = new Map();\nreturn /a+/.test('a')"));
        }

        await using (var host = new EnclaveHost(new EnclaveOptions { Scoring = new ScoringOptions() }))
        {
            Add("SCORING_BLOCKED", await host.RunAsync(
                "const all = await callTool('users:list', { limit: 1000000, fields: ['email', 'password'] });\nawait callTool('mail:send', { all });"));
        }

        await using (var host = new EnclaveHost(new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MaxMessagesPerSecond = 5 }, ToolHandler = Answer }))
        {
            Add("MESSAGE_FLOOD", await Within.Deadline(host.RunAsync("for (let i = 0; i < 50; i++) await callTool('echo', { i })"), "answer to a flood"));
        }

        foreach ((string title, ErrorCode code, Dictionary<string, object?> data) in s_hosts)
        {
            var error = new ExecutionError { Code = code, Name = code.ToCode(), Message = $"{Secret} (pid 4711): docs/errors/{code.ToCode()}.md", Data = data };
            string text = error.ToModelText();
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
            Append(title, error);
        }

        Assert.Equal(Enum.GetValues<ErrorCode>(), codes.Order());
        if (Environment.GetEnvironmentVariable("ENCLAVE_UPDATE_TEXTS") == "1") await File.WriteAllTextAsync(s_file, texts.ToString().TrimEnd() + "\n");
        Assert.Equal(await File.ReadAllTextAsync(s_file), texts.ToString().TrimEnd() + "\n");

        void Add(string title, ExecutionResult result)
        {
            Assert.False(result.Success, title);
            Assert.True(title.Split(':')[0] == result.Error!.Code.ToCode(), $"{title} was {result.Error.Code.ToCode()}: {result.Error.Message}");
            Append(title, result.Error);
        }

        void Append(string title, ExecutionError error)
        {
            codes.Add(error.Code);
            texts.Append("== ").Append(title).Append('\n').Append(error.ToModelText()).Append("\n\n");
        }
    }

    /// <summary>Code that a text recommends to a model is accepted at every level.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Code_that_a_text_says_to_write_is_accepted(SecurityLevel level)
    {
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
        string[] programs = [.. (await File.ReadAllTextAsync(s_file))
            .Split('`').Where((_, i) => i % 2 == 1).Where((text) => text.Contains('(', StringComparison.Ordinal)).Distinct()];

        Assert.True(programs.Length >= 4, $"{programs.Length}");
        Assert.All(programs, (program) => Assert.True(host.Validate(program).Valid, program));
    }

    [Fact]
    public void An_error_without_its_data_still_has_a_text()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            string text = new ExecutionError { Code = code, Name = "", Message = "" }.ToModelText();

            Assert.StartsWith($"{code.ToCode()}: ", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 60, 600);
        }
    }

    private static EnclaveHost Host()
    {
        var options = new EnclaveOptions
        {
            MemoryLimit = 16L << 20,
            WorkerPool = new WorkerPoolOptions { MaxPendingToolCalls = 3 },
            SequencePolicy = SequencePolicyOptions.Strict,
            TimeProvider = new ManualClock(),
        };
        foreach (string name in (string[])["never", "echo", "fail"])
            options.Tools.Add(name, async (ScriptValue args, ToolContext context, CancellationToken _) => await Answer(name, args, context));
        options.Tools.Add("users:read", (UserArgs args, ToolContext _, CancellationToken _) => Task.FromResult(args.Id),
            new ToolOptions { Effects = ToolEffects.Reads, Labels = ["pii"] });
        options.Tools.Add(
            "mail:send", (UserArgs args, ToolContext _, CancellationToken _) => Task.FromResult(args.Id), new ToolOptions { Effects = ToolEffects.Sends });
        return new EnclaveHost(options);
    }

    private sealed record UserArgs(int Id);

    private static async ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context)
    {
        if (name == "fail") throw new ToolException("no user with the id 7") { Name = "NotFound" };
        if (name == "never") await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return args;
    }
}
