using System.Text.Json;
using static Enclave.Broker.Tests.Failures.ScriptedRuntime;

namespace Enclave.Broker.Tests.Failures;

/// <summary>Frames of a runtime are untrusted: repeated, out of order, or for another session.</summary>
public sealed class FrameTests
{
    private const string Init = """{"cancelUrl":"/x","expiresAt":"2030-01-01T00:00:00.000Z","encryption":{"enabled":false}}""",
        Done = """{"ok":true,"result":1,"stats":{"durationMs":1,"toolCallCount":1,"stdoutBytes":0}}""";

    [Fact]
    public async Task Frames_that_come_twice_act_once()
    {
        await using ScriptedRuntime runtime = await ScriptedRuntime.Start((id) =>
        [
            .. Twice(Event(id, 1, "session_init", Init)), .. Twice(Event(id, 2, "stdout", """{"chunk":"a\n"}""")),
            .. Twice(Event(id, 3, "tool_call", """{"callId":"c_1","toolName":"math:add","args":{"a":1,"b":2}}""")),
            .. Twice(Event(id, 4, "tool_result_applied", """{"callId":"c_1"}""")), .. Twice(Event(id, 5, "final", Done)),
        ]);
        await using BrokerApp app = await Over(runtime);

        JsonElement[] events = await app.Run("return 1");

        // The broker adds an event for each call that it makes.
        Assert.Equal(["session_init", "stdout", "tool_call", "tool_result_applied", "final"], events.Types());
    }

    [Fact]
    public async Task Frames_that_come_out_of_order_all_count()
    {
        await using ScriptedRuntime runtime = await ScriptedRuntime.Start((id) =>
        [
            Event(id, 1, "session_init", Init), Event(id, 3, "stdout", """{"chunk":"b\n"}"""),
            Event(id, 2, "stdout", """{"chunk":"a\n"}"""), Event(id, 3, "stdout", """{"chunk":"b\n"}"""), Event(id, 4, "final", Done),
        ]);
        await using BrokerApp app = await Over(runtime);

        JsonElement[] events = await app.Run("return 1");

        Assert.Equal(
            ["b\n", "a\n"], events.Where((happened) => happened.Type() == "stdout").Select((happened) => happened.Payload().GetProperty("chunk").GetString()));
        Assert.Equal([1, 2, 3, 4], events.Select((happened) => happened.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task Events_of_another_session_are_nobodys()
    {
        await using ScriptedRuntime runtime = await ScriptedRuntime.Start((id) =>
        [
            Event(id, 1, "session_init", Init), Event("s_other", 2, "stdout", """{"chunk":"not yours"}"""), Event("s_other", 3, "final", Done), Event(
                id, 2, "final", """{"ok":true,"result":"mine"}"""),
        ]);
        await using BrokerApp app = await Over(runtime);

        JsonElement[] events = await app.Run("return 1");

        Assert.Equal(["session_init", "final"], events.Types());
        Assert.Equal("mine", events.Final().GetProperty("result").GetString());
    }

    private static string[] Twice(string frame) => [frame, frame];

    private static Task<BrokerApp> Over(ScriptedRuntime runtime) => BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address));
}
