using System.Text.Json;
using Enclave.Tests;
using static Enclave.Broker.Tests.Failures.ScriptedRuntime;

namespace Enclave.Broker.Tests.Failures;

/// <summary>A runtime that does not hold the limits of its sessions.</summary>
public sealed class HostileRuntimeTests
{
    private const int MaxMessageBytes = 100 << 10;

    private static readonly string s_large = new('x', 60 << 10);

    [Fact]
    public async Task Calls_that_wait_take_no_more_than_one_message()
    {
        await using ScriptedRuntime runtime = await ScriptedRuntime.Start((id) =>
        [
            Event(id, 1, "tool_call", $$"""{"callId":"c_1","toolName":"mine","args":{"value":"{{s_large}}"} }"""),
            Event(id, 2, "tool_call", $$"""{"callId":"c_2","toolName":"mine","args":{"value":"{{s_large}}"} }"""),
            Event(id, 3, "tool_call", $$"""{"callId":"c_3","toolName":"echo","args":{"value":"{{s_large}}"} }"""),
        ]);
        await using BrokerApp app = await Over(runtime);
        using HttpResponseMessage opened = await app.Post("""{ "sessionId": "s_1", "tools": ["mine"], "code": "return 1" }""");

        await Within.Becomes(() => Results(runtime).Length == 2, "two calls are refused");

        Assert.Equal([("c_2", "TOOL_ARGUMENTS_TOO_LARGE"), ("c_3", "TOOL_ARGUMENTS_TOO_LARGE")], Results(runtime).Order());
        using HttpResponseMessage answered = await app.Send(HttpMethod.Post, "/sessions/s_1/tool-result", """{ "callId": "c_1", "result": 7 }""");
        Assert.True(answered.IsSuccessStatusCode);
        await Within.Becomes(() => Results(runtime).Contains(("c_1", null)), "the call that waited has its answer");
    }

    [Fact]
    public async Task A_call_with_a_long_id_ends_the_session()
    {
        await using ScriptedRuntime runtime = await ScriptedRuntime.Start((id) =>
        [
            Event(id, 1, "stdout", """{"chunk":"a\n"}"""),
            Event(id, 2, "tool_call", $$"""{"callId":"c_{{s_large}}","toolName":"echo","args":{} }"""),
        ]);
        await using BrokerApp app = await Over(runtime);

        Assert.Equal("RUNTIME_LOST", (await app.Run("return 1")).Final().ErrorCode());
    }

    private static (string Call, string? Code)[] Results(ScriptedRuntime runtime) =>
    [
        .. runtime.Heard.Select((message) => JsonDocument.Parse(message).RootElement)
            .Where((message) => message.GetProperty("type").GetString() == "tool_result")
            .Select((message) => (message.GetProperty("callId").GetString()!,
                message.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null)),
    ];

    private static Task<BrokerApp> Over(ScriptedRuntime runtime) => BrokerApp.Over(
        (options) =>
        {
            options.Runtimes.Add(runtime.Address);
            options.MaxMessageBytes = MaxMessageBytes;
        },
        static (broker) => broker.ClientTools = ["mine"]);
}
