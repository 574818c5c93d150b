using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>Scripts that run in one call, without a connection.</summary>
public sealed class ExecuteSyncTests
{
    [Fact]
    public async Task It_gives_a_value_or_an_error_and_needs_no_start()
    {
        await using RuntimeWorker runtime = TestRuntime.Create();

        RuntimeResult value = await Within.Deadline(runtime.ExecuteSync("s_1", "console.log('x'); return { sum: 3 }"), "answer");
        RuntimeResult failure = await Within.Deadline(runtime.ExecuteSync(null, "eval('1')"), "answer");
        RuntimeResult nothing = await Within.Deadline(runtime.ExecuteSync(null, "let a = 1"), "answer");

        JsonElement json = JsonDocument.Parse(value.ToJsonString()).RootElement;
        Assert.Equal((true, 3, "x\n", 2), (json.GetProperty("success").GetBoolean(),
            json.GetProperty("value").GetProperty("sum").GetInt32(), json.Text("stdout"), json.GetProperty("stats").GetProperty("stdoutBytes").GetInt32()));
        Assert.Equal((false, "VALIDATION_ERROR", null), (failure.Success, failure.Error!.Code, failure.Value));
        Assert.Equal((true, null), (nothing.Success, nothing.Value));
        Assert.Equal((RuntimeWorkerState.Idle, 3L, 2L), (runtime.GetState(), runtime.GetStats().TotalSessions, runtime.GetStats().SuccessfulExecutions));
    }

    [Fact]
    public async Task Tools_fail_unless_there_is_somebody_to_answer_them()
    {
        await using RuntimeWorker without = TestRuntime.Create(), with = TestRuntime.Create(
            new RuntimeWorkerOptions { ToolHandler = (name, args, _) => new($"{name} {args.ToJsonString()}") });

        RuntimeResult failed = await Within.Deadline(without.ExecuteSync(null, "return await callTool('x', {})"), "answer");
        RuntimeResult caught = await Within.Deadline(without.ExecuteSync(null, "try { await callTool('x', {}) } catch (e) { return e.code }"), "answer");
        RuntimeResult answered = await Within.Deadline(with.ExecuteSync(null, "return await callTool('x', { n: 1 })"), "answer");

        Assert.Equal(("TOOL_ERROR", "NO_TOOL_HANDLER"), (failed.Error!.Code, Assert.Single(failed.Errors!).Code));
        Assert.Equal("NO_TOOL_HANDLER", caught.Value!.Value.GetString());
        Assert.Equal("x {\"n\":1}", answered.Value!.Value.GetString());
    }

    [Fact]
    public async Task Limits_names_and_cancels_hold_here_too()
    {
        await using RuntimeWorker runtime = TestRuntime.Create(new RuntimeWorkerOptions
        {
            ToolHandler = async (_, _, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return null;
        }
        });
        using var leaving = new CancellationTokenSource();
        Task<RuntimeResult> waits = runtime.ExecuteSync("s_1", "await callTool('x', {})", null, leaving.Token);
        await Within.Becomes(() => runtime.GetSessions() is [{ State: SessionState.Running or SessionState.WaitingForTool }], "the session ran");

        Assert.Equal("SESSION_EXISTS", (await runtime.ExecuteSync("s_1", "return 1")).Error!.Code);
        Assert.Equal("INVALID_REQUEST", (await runtime.ExecuteSync(null, "return 1", new SessionLimits { MemoryLimit = 1 })).Error!.Code);
        Assert.Equal("TIMEOUT",
            (await Within.Deadline(runtime.ExecuteSync(null, "await callTool('x', {})", new SessionLimits { TimeoutMs = 200 }), "answer")).Error!.Code);
        await leaving.CancelAsync();
        Assert.Equal("SESSION_CANCELLED", (await Within.Deadline(waits, "answer")).Error!.Code);
        await runtime.StopAsync();
        Assert.Equal("RUNTIME_STOPPING", (await runtime.ExecuteSync(null, "return 1")).Error!.Code);
    }
}
