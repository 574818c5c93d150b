using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>Sessions without a runtime, and runtimes without a socket.</summary>
public sealed class SessionExecutorTests
{
    [Fact]
    public async Task One_session_is_told_to_a_channel_and_answered_through_it()
    {
        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair();
        await using var executor = new SessionExecutor(
            new SessionExecutorOptions { SessionId = "s_x", Code = "return await callTool('a', { n: 1 })", Channel = server });
        var types = new List<string>();
        using IDisposable reading = client.OnMessage((json) =>
        {
            types.Add(json.Type());
            if (json.Type() != "tool_call") return;
            client.Send(new ChannelExecute("return 1") { SessionId = "s_not_opened" });
            client.Send(new ChannelToolResult(json.Payload().Text("callId"))
            {
                SessionId = "s_x",
                Success = true,
                Value = JsonDocument.Parse("5").RootElement,
            });
        });

        Final final = await Within.Deadline(executor.ExecuteAsync(), "end of the session");

        Assert.Equal((true, 5), (final.Ok, final.Result!.Value.GetInt32()));
        Assert.Equal(["session_init", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], types);
        Assert.Equal(("s_x", SessionState.Completed), (executor.GetInfo()!.SessionId, executor.GetInfo()!.State));
        Assert.Same(final, await executor.ExecuteAsync());
    }

    [Fact]
    public async Task Sessions_are_read_as_streams_and_answered_by_call()
    {
        await using var executor = new SessionExecutor(new SessionExecutorOptions { Limits = new SessionLimits { MaxToolCalls = 3 } });
        var types = new List<string>();

        await foreach (SessionEvent happened in executor.ExecuteAsync("ses_1", "console.log('a'); return await callTool('x', {})"))
        {
            types.Add(happened.Type);
            if (happened.Payload is ToolCall call)
                Assert.True(executor.SubmitToolResult(new ChannelToolResult(call.CallId) { Success = false, Error = new ErrorInfo("no", "E7") }));
            if (happened.Payload is Final final) Assert.Equal(("TOOL_ERROR", "E7"), (final.Error!.Code, Assert.Single(final.Errors!).Code));
        }

        Assert.Equal(["session_init", "stdout", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], types);
    }

    [Fact]
    public async Task Leaving_a_stream_cancels_and_a_cancel_ends_it()
    {
        await using var executor = new SessionExecutor();
        await foreach (SessionEvent happened in executor.ExecuteAsync("s_left", "await callTool('x', {})"))
        {
            if (happened.Payload is ToolCall) break;
        }

        var codes = new List<string?>();
        await foreach (SessionEvent happened in executor.ExecuteAsync("s_left2", "await callTool('x', {})"))
        {
            if (happened.Payload is ToolCall) executor.Cancel("enough");
            if (happened.Payload is Final final) codes.Add(final.Error?.Message);
        }

        Assert.Equal(["enough"], codes);
    }

    [Theory]
    [InlineData("session_init")]
    [InlineData("tool_call")]
    [InlineData("final")]
    public async Task A_handler_that_throws_ends_the_session_and_nothing_hangs(string type)
    {
        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair();
        using IDisposable reading = client.OnMessage((json) =>
        {
            if (json.Type() == type) throw new InvalidOperationException("the handler fails");
        });
        var executor = new SessionExecutor(
            new SessionExecutorOptions { SessionId = "s_x", Code = $"{(type == "final" ? "" : "await callTool('a', {});")} return 1", Channel = server });

        Final final = await Within.Deadline(executor.ExecuteAsync(), "end of the session");

        Assert.Equal(type == "final", final.Ok);
        await Within.Deadline(executor.DisposeAsync().AsTask(), "end of the executor");
    }

    [Fact]
    public async Task A_runtime_serves_a_peer_over_any_channel()
    {
        await using RuntimeWorker runtime = TestRuntime.Create();
        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair();
        var final = new TaskCompletionSource<JsonElement>();
        var called = new TaskCompletionSource();
        using IDisposable reading = client.OnMessage((json) =>
        {
            if (json.Type() == "final") final.TrySetResult(json);
            if (json.Type() == "tool_call") called.TrySetResult();
        });
        Task serving = runtime.ServeAsync(server);

        client.Send(new ChannelExecute("return 6 * 7") { SessionId = "s_1" });
        Assert.Equal(42, (await Within.Deadline(final.Task, "end of the session")).Payload().GetProperty("result").GetInt32());
        client.Send(new ChannelExecute("await callTool('x', {})") { SessionId = "s_2" });
        await Within.Deadline(called.Task, "tool call");
        Assert.Equal(1, runtime.GetStats().Connections);
        client.Close();

        await Within.Deadline(serving, "end of the serving");
        Assert.Equal((0, 0), (runtime.GetStats().ActiveSessions, runtime.GetStats().Connections));
    }
}
