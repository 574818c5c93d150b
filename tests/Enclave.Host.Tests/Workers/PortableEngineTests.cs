using System.Diagnostics;
using Enclave.Engine;
using Enclave.Tests;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests;

/// <summary>A host whose scripts run in the portable engine (docs/portable-engine.md).</summary>
public sealed class PortableEngineTests : IDisposable
{
    private readonly LogLines _log = new();

    [Fact]
    public async Task Every_result_and_report_says_which_engine_ran_and_what_it_lacks()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await host.RunAsync("return 1 + 1");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(2, result.Value.AsInt32());
        Assert.StartsWith("portable -HardenedProcess -ResourceLimits -Seccomp -FileSystem", result.Stats.Isolation, StringComparison.Ordinal);
        IsolationReport report = host.GetIsolationReport();
        Assert.StartsWith("portable, ClearScript 7.", report.Facts["engine"], StringComparison.Ordinal);
        Assert.Contains(report.ResidualRisks, (risk) => risk.Contains("memory of earlier runs", StringComparison.Ordinal));
        Assert.True(report.Available);
        WorkerIsolation worker = Assert.Single(report.Workers);
        Assert.Equal(LayerStatus.Active, worker.Layers.Single((layer) => layer.Layer == IsolationLayer.OwnProcess).Status);
        Assert.Equal(LayerStatus.Unavailable, worker.Layers.Single((layer) => layer.Layer == IsolationLayer.Seccomp).Status);
        (_, _, string warning) = Assert.Single(_log.All, (line) => line.Level == LogLevel.Warning);
        Assert.StartsWith("Standard runs on the portable engine", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linux_x64_never_gets_it_without_asking()
    {
        Assert.SkipWhen(EngineFolder.Named(null) is not null, "ENCLAVE_ENGINE names an engine");
        await using var host = new EnclaveHost(new EnclaveOptions());

        Assert.DoesNotContain("portable", (await host.RunAsync("return 1")).Stats.Isolation, StringComparison.Ordinal);
        Assert.Equal("native", host.GetIsolationReport().Facts["engine"]);
    }

    [Fact]
    public async Task A_folder_with_the_portable_engine_chooses_it()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { EngineDirectory = PortableFiles.Find(null).Folder });

        Assert.StartsWith("portable", (await host.RunAsync("return 1")).Stats.Isolation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Strict)]
    public async Task Levels_above_standard_refuse_whatever_is_accepted(SecurityLevel level)
    {
        await using EnclaveHost host = Host((options) =>
        {
            options.SecurityLevel = level;
            options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
        });

        ExecutionResult result = await host.RunAsync("return 1");

        Assert.Equal(ErrorCode.IsolationUnavailable, result.Error!.Code);
        Assert.Contains("needs the native engine: the portable one has no jail", result.Error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.WarmUpAsync());
        Assert.False(host.GetIsolationReport().Available);
    }

    [Fact]
    public void A_missing_engine_is_named_with_the_way_to_get_it()
    {
        var fault = Assert.Throws<DirectoryNotFoundException>(
            () => new EnclaveHost(new EnclaveOptions { Engine = ScriptEngine.Portable, EngineDirectory = Path.GetTempPath() }));

        Assert.Contains("where Enclave.Worker.Portable.dll is missing", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) JSON.stringify([1])", ErrorCode.Timeout)]
    [InlineData("return /^(a+)+$/.test('a'.repeat(40) + 'b')", ErrorCode.Timeout)]
    [InlineData("const f = () => Promise.resolve().then(f); await f()", null)]
    [InlineData("const a = []; while (true) a.push(new Array(1e5).fill(a.length))", ErrorCode.MemoryLimitExceeded)]
    [InlineData("const a = []; while (true) a.push(new Uint8Array(1e6).fill(1))", null)]
    [InlineData("let s = 'x'; while (true) { s += s; s.charCodeAt(s.length - 1) }", null)]
    [InlineData("while (true) console.log('x'.repeat(1000))", ErrorCode.OutputLimit)]
    [InlineData("while (true) callTool('none', {}).catch(() => {})", ErrorCode.MaxToolCalls)]
    [InlineData("const f = () => { f() }; f()", ErrorCode.RuntimeError)]
    [InlineData("throw new Error('x')", ErrorCode.RuntimeError)]
    public async Task A_bomb_is_contained_and_the_next_run_is_well(string script, ErrorCode? code)
    {
        await using EnclaveHost host = Host((options) =>
        {
            options.Timeout = TimeSpan.FromSeconds(3);
            options.ToolHandler = (_, _, _) => new ValueTask<object?>((object?)null);
        });

        ExecutionResult bomb = await Within.Deadline(host.RunAsync(script), "answer");
        ExecutionResult next = await Within.Deadline(host.RunAsync("return 6 * 7"), "next answer");

        // Without a code the machine's speed decides which limit comes first.
        Assert.False(bomb.Success);
        if (code is { } expected) Assert.Equal(expected, bomb.Error!.Code);
        Assert.True(next.Success, next.Error?.Message);
        Assert.Equal(42, next.Value.AsInt32());
    }

    [Fact]
    public async Task A_killed_worker_is_reported_and_replaced()
    {
        await using EnclaveHost host = Host();
        Assert.True((await host.RunAsync("return 1")).Success);
        Task<ExecutionResult> running = host.RunAsync("while (true) JSON.stringify([1])");
        await Within.Becomes(() => host.GetSnapshot().ActiveWorkers == 1, "a job ran");

        using (var worker = Process.GetProcessById(host.GetIsolationReport().Workers[0].ProcessId)) worker.Kill();

        Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(running, "answer")).Error!.Code);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "next answer")).Success);
    }

    [Fact]
    public async Task Eight_callers_at_once_meet_no_state_of_each_other()
    {
        await using EnclaveHost host = Host((options) => options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 0, MaxWorkers = 2 });

        const string Program =
            "const before = Array.prototype.left; Array.prototype.left = I; const tool = await callTool('echo', { i: I }); return [before ?? null, tool.i]";

        ExecutionResult[] results = await Within.Deadline(
            Task.WhenAll(Enumerable.Range(0, 40).Select((i) => host.RunAsync(Program.Replace("I", $"{i}", StringComparison.Ordinal)))), "answers");

        for (int i = 0; i < results.Length; i++) Assert.Equal($"[null,{i}]", results[i].Error?.Message ?? results[i].Value.ToJsonString());
    }

    [Fact]
    public async Task Cancelling_a_run_ends_it_and_disposal_leaves_no_process()
    {
        int pid;
        await using (EnclaveHost host = Host())
        {
            Assert.True((await host.RunAsync("return 1")).Success);
            pid = host.GetIsolationReport().Workers[0].ProcessId;
            using var cancel = new CancellationTokenSource();
            Task<ExecutionResult> running = host.RunAsync("while (true) JSON.stringify([1])", null, cancel.Token);
            await Within.Becomes(() => host.GetSnapshot().ActiveWorkers == 1, "a job ran");
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(running, "answer"));
        }

        await ProcessTable.Gone(pid, "the worker");
    }

    public void Dispose() => _log.Dispose();

    private EnclaveHost Host(Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions
        {
            Engine = ScriptEngine.Portable,
            // A program of .NET needs seconds to start on a busy machine.
            WorkerPool = new WorkerPoolOptions { StartTimeout = TimeSpan.FromMinutes(1) },
            Validate = false,
            MaxIterations = 1_000_000_000,
            ToolHandler = (_, args, _) => new ValueTask<object?>(args),
        };
        change?.Invoke(options);
        return new EnclaveHost(options, _log);
    }
}
