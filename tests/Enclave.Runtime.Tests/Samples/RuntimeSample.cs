using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Runtime.Tests.Samples;

/// <summary>The samples of docs/runtime.md.</summary>
public sealed class RuntimeSample
{
    [Fact]
    public async Task A_runtime_in_a_program_of_ones_own()
    {
        string secret = "a-secret-of-some-length";

        // sample
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = 0,
            MaxSessions = 20,
            SecurityLevel = SecurityLevel.Secure,
            DefaultLimits = new SessionLimits { TimeoutMs = 10_000, MemoryLimit = 64 << 20, MaxToolCalls = 20 },
            Security = new RuntimeSecurityOptions { SharedSecret = secret },
            EventHandlers = new RuntimeEventHandlers
            {
                OnError = (sessionId, error) => Console.Error.WriteLine($"{sessionId}: {error.Code}"),
            },
        });
        await runtime.StartAsync();
        // end

        // A broker: it opens a session, answers its tool calls, and reads until the last event.
        await using var broker = new WebSocketChannel(runtime.Address!, new WebSocketChannelOptions { BearerToken = secret });
        var ended = new TaskCompletionSource<Final>();
        broker.OnMessage((json) =>
        {
            if (!EventReader.TryRead(json, EventTolerance.Peers, out SessionEvent? happened, out _)) return;
            if (happened.Payload is ToolCall call)
                broker.Send(new ChannelToolResult(call.CallId) { SessionId = happened.SessionId, Success = true, Value = JsonElement.Parse("21") });
            if (happened.Payload is Final final) ended.TrySetResult(final);
        });
        broker.Send(new ChannelExecute("return 2 * await callTool('half', {})") { SessionId = "s_1", Limits = new SessionLimits { DeadlineMs = 5_000 } });
        await broker.ConnectAsync();

        Final answer = await ended.Task;
        Assert.Equal(42, answer.Result!.Value.GetInt32());
    }

    [Fact]
    public async Task A_function_that_is_started_for_each_request()
    {
        string body = """{"code":"return await callTool('add', { a: 1, b: 2 })","limits":{"timeout":5000}}""";

        // sample
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            MaxSessions = 1,
            ToolHandler = (name, args, context) => name == "add"
                ? new(args["a"].AsDouble() + args["b"].AsDouble())
                : throw new ToolException($"there is no tool {name}"),
        });

        JsonElement request = JsonElement.Parse(body);
        SessionLimits.TryRead(request.GetProperty("limits"), out SessionLimits? limits, out _);
        RuntimeResult result = await runtime.ExecuteSync(null, request.GetProperty("code").GetString()!, limits);
        string answer = result.ToJsonString();
        // end

        Assert.StartsWith("""{"success":true,"value":3,"stdout":"","stats":{"durationMs":""", answer, StringComparison.Ordinal);
    }
}
