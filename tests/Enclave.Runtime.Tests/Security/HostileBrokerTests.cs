using System.Globalization;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Security;

/// <summary>B8: a malicious broker that has the secret affects only its own sessions.</summary>
public sealed class HostileBrokerTests
{
    private const string Waits = "const a = await callTool('x', {}); return a";

    [Fact]
    public async Task Another_brokers_session_is_neither_cancelled_nor_answered_nor_replaced()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();
        await using TestPeer honest = await TestPeer.ConnectAsync(runtime), hostile = await TestPeer.ConnectAsync(runtime);
        await honest.SendAsync(TestRuntime.Execute("s_1", Waits));
        string call = (await honest.NextAsync("s_1", "tool_call", "session_init", "tool_progress")).Payload().Text("callId");

        await hostile.SendAsync("""{"type":"cancel","sessionId":"s_1"}""");
        await hostile.SendAsync($$"""{"type":"tool_result","sessionId":"s_1","callId":"{{call}}","success":true,"value":666}""");
        await hostile.SendAsync($$"""{"type":"tool_result","callId":"{{call}}","success":true,"value":666}""");
        await hostile.SendAsync($$"""{"type":"tool_result_submit","sessionId":"s_1","payload":{"callId":"{{call}}","ok":true,"result":666} }""");
        await hostile.SendAsync(TestRuntime.Execute("s_1", "return 666"));
        Assert.Equal("SESSION_EXISTS", (await hostile.ToEndAsync("s_1"))[^1].Payload().GetProperty("error").Text("code"));
        await honest.SendAsync($$"""{"type":"tool_result","sessionId":"s_1","callId":"{{call}}","success":true,"value":7}""");

        Assert.Equal(7, (await honest.NextAsync("s_1", "final", "tool_progress", "tool_result_applied")).Payload().GetProperty("result").GetInt32());
        Assert.DoesNotContain(hostile.All, (happened) => happened.Type() == "tool_call");
    }

    [Fact]
    public async Task Messages_in_any_order_end_in_one_answer_each_and_leave_nothing()
    {
        int messages = TestSize.Of(1500, 30_000);
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { MaxSessions = 4, Connections = new() { MaxMessagesPerSecond = int.MaxValue, SendQueueBytes = 256 << 20 } });
        await using TestPeer honest = await TestPeer.ConnectAsync(runtime), hostile = await TestPeer.ConnectAsync(runtime);
        var random = new Random(19);

        for (int i = 0; i < messages; i++) await hostile.SendAsync(Any(random));
        await honest.SendAsync("""{"type":"ping"}""");
        Assert.Equal("pong", (await honest.NextAsync("")).Type());
        hostile.Cut();

        // While the runtime still reads from the cut connection, its messages open sessions, and all slots may be taken.
        await Within.Becomes(() => runtime.GetStats().Connections == 1, "the hostile connection was gone");
        await TestRuntime.BecomesIdle(runtime);
        await honest.SendAsync(TestRuntime.Execute("s_honest", "return 7"));
        JsonElement final = (await honest.ToEndAsync("s_honest"))[^1].Payload();
        Assert.True(final.TryGetProperty("result", out JsonElement result), $"the honest session ended with {final}");
        Assert.Equal(7, result.GetInt32());
        // Each accepted execute opened one session, and each session has at most one final event per request.
        Assert.All(hostile.All.Where((happened) => happened.TryGetProperty("seq", out _)), (happened) => Assert.True(
            happened.GetProperty("seq").GetInt64() >= 1));
    }

    [Fact]
    public async Task A_broker_that_floods_holds_its_own_sessions_and_no_more_than_there_are()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { MaxSessions = 3 });
        await using TestPeer hostile = await TestPeer.ConnectAsync(runtime);

        for (int i = 0; i < 200; i++) await hostile.SendAsync(TestRuntime.Execute($"s_{i}", Waits));
        await Within.Becomes(() => hostile.All.Count((happened) => happened.Type() == "final") == 197, "the others were refused", () =>
            $"{hostile.All.Count((happened) => happened.Type() == "final")} finals");

        Assert.Equal(3, runtime.GetStats().ActiveSessions);
        Assert.All(hostile.All.Where((happened) => happened.Type() == "final"), (happened) => Assert.Equal(
            "RUNTIME_BUSY", happened.Payload().GetProperty("error").Text("code")));
        hostile.Cut();
        await TestRuntime.BecomesIdle(runtime);
    }

    [Theory]
    [InlineData("half closed")]
    [InlineData("half a frame")]
    [InlineData("a frame that is none")]
    [InlineData("not masked")]
    [InlineData("a length of 2^63")]
    [InlineData("a close of one byte")]
    public async Task A_connection_that_is_broken_by_hand_takes_its_sessions_with_it(string how)
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            ConnectionTimeout = TimeSpan.FromMilliseconds(500),
            Connections = new() { KeepAliveInterval = TimeSpan.FromMilliseconds(100) },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(runtime.Address!.Port);
        await peer.SendTextAsync(TestRuntime.Execute("s_1", Waits));
        await Within.Becomes(() => runtime.GetStats().ActiveSessions == 1, "the session ran");

        switch (how)
        {
            case "half closed": peer.CloseSending(); break;
            case "half a frame": await peer.SendAsync([0x81, 0xFE, 0x40, 0x00, 0, 0]); break;
            case "a frame that is none": await peer.SendAsync([0xF7, 0xFF, 1, 2, 3, 4]); break;
            case "not masked": await peer.SendAsync([0x81, 0x02, (byte)'{', (byte)'}']); break;
            case "a length of 2^63": await peer.SendAsync([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]); break;
            default: await peer.SendAsync([0x88, 0x81, 0, 0, 0, 0, 1]); break;
        }

        await TestRuntime.BecomesIdle(runtime);
        await Within.Becomes(() => runtime.GetStats().Connections == 0, "the connection was gone");
    }

    /// <summary>A message that may be valid, invalid, or garbage. There are few names, so that they collide.</summary>
    private static string Any(Random random)
    {
        string session = $"s_{random.Next(12)}", call = random.Next(3) == 0 ? "call_1" : random.Next().ToString("x", CultureInfo.InvariantCulture);
        string truth = random.Next(2) == 0 ? "true" : "7", deep = new string('[', 30) + new string(']', 30);
        string message = random.Next(12) switch
        {
            0 or 1 => TestRuntime.Execute(
                session, random.Next(4) switch { 0 => Waits, 1 => "return 1", 2 => "return (", _ => "console.log('x'.repeat(1000)); throw 1" }),
            2 => $$"""{"type":"start","sessionId":"{{session}}","code":"return 2","limits":{"timeout":{{random.Next(-5, 5000)}}""" +
            $$""","memoryLimit":{{random.NextInt64()}} } }""",
            3 => $$"""{"type":"cancel","sessionId":"{{session}}","reason":"\ud800 {{new string('r', random.Next(200))}}"}""",
            4 => $$"""{"type":"tool_result","sessionId":"{{session}}","callId":"{{call}}","success":{{truth}},"value":{{deep}} }""",
            5 => $$"""{"type":"tool_result","callId":"{{call}}","error":{"message":null,"code":7} }""",
            6 => """{"type":"ping","timestamp":1e999}""",
            7 => $$"""{"type":"{{(char)random.Next(32, 0xD000)}}","sessionId":{{random.Next()}} }""",
            8 => new string('[', random.Next(600)),
            9 => "null",
            10 => $$"""{"type":"execute","sessionId":"{{new string('n', random.Next(400))}}","code":{{random.Next()}} }""",
            _ => $$"""{"type":"final","sessionId":"{{session}}","seq":1,"payload":{"ok":true} }""",
        };
        if (random.Next(5) != 0) return message;
        // With changed characters, like a corrupted message.
        char[] broken = message.ToCharArray();
        for (int i = 0; i < 3 && broken.Length > 0; i++) broken[random.Next(broken.Length)] = (char)random.Next(32, 127);
        return new string(broken);
    }
}
