using System.Text.Json;

namespace Enclave.Streaming.Tests.Events;

/// <summary>The forms of known peers, which the strict reader refuses.</summary>
public sealed class ToleranceTests
{
    [Theory]
    [InlineData("stdout", """{"data":"x"}""", """{"chunk":"x"}""")]
    [InlineData("stdout", """{"chunk":"x","data":"y"}""", """{"chunk":"x"}""", true)]
    [InlineData("tool_call", """{"callId":"call_1","toolName":"t","args":{}}""", """{"callId":"call_1","toolName":"t","args":{}}""")]
    [InlineData("tool_call", """{"callId":"c_1","tool":"t","args":1}""", """{"callId":"c_1","toolName":"t","args":1}""")]
    [InlineData("tool_call", """{"callId":"c_1","name":"t","args":null,"timeout":5}""", """{"callId":"c_1","toolName":"t","args":null}""")]
    [InlineData("tool_call", """{"callId":"c_1","toolName":"t"}""", """{"callId":"c_1","toolName":"t","args":{}}""")]
    [InlineData("tool_result_applied", """{"callId":"25cab571-ce27-4a86-9689-ceeb145dd49c"}""", """{"callId":"25cab571-ce27-4a86-9689-ceeb145dd49c"}""")]
    [InlineData("heartbeat", "{}", """{"ts":"1970-01-01T00:00:00.000Z"}""")]
    [InlineData("final", """{"result":1}""", """{"ok":true,"result":1}""")]
    [InlineData("final", """{"error":{"message":"m"}}""", """{"ok":false,"error":{"message":"m"}}""")]
    [InlineData("final", """{"ok":true,"stats":{"duration":1,"toolCallCount":1,"iterationCount":1}}""", """{"ok":true}""")]
    [InlineData("final", """{"ok":true,"stats":null}""", """{"ok":true}""")]
    [InlineData("session_init", """{"expiresAt":"2026-11-20T07:12:40.637Z","encryption":{"enabled":false}}""",
        """{"cancelUrl":"/sessions/s_1/cancel","expiresAt":"2026-11-20T07:12:40.637Z","encryption":{"enabled":false}}""")]
    [InlineData("session_init", """{"limits":{"timeout":1},"encryption":null}""",
        """{"cancelUrl":"/sessions/s_1/cancel","expiresAt":"9999-12-31T23:59:59.999Z","encryption":{"enabled":false}}""")]
    public void Peers_forms_are_read_as_the_protocols(string type, string payload, string expected, bool exactToo = false)
    {
        JsonElement sent = Event("s_1", type, payload);
        Assert.Equal(exactToo, EventReader.TryRead(sent, EventTolerance.Exact, out _, out _));
        Assert.True(EventReader.TryRead(sent, EventTolerance.Peers, out SessionEvent? read, out string? problem), problem);
        Assert.Equal(expected, JsonElement.Parse(read.ToJsonString()).GetProperty("payload").GetRawText());
    }

    [Theory]
    [InlineData("ses_x", true)]
    [InlineData("x", true)]
    [InlineData("", false)]
    public void Peers_sessions_need_a_name_and_no_prefix(string session, bool read)
    {
        JsonElement sent = Event(session, "stdout", """{"chunk":"x"}""");
        Assert.False(EventReader.TryRead(sent, EventTolerance.Exact, out _, out string? problem));
        Assert.StartsWith("sessionId: ", problem, StringComparison.Ordinal);
        Assert.Equal(read, EventReader.TryRead(sent, EventTolerance.Peers, out _, out _));
    }

    [Theory]
    [InlineData("stdout", """{"data":5}""", "payload.chunk", "payload.data")]
    [InlineData("tool_call", """{"callId":"","toolName":"t","args":1}""", "payload.callId", "payload.callId")]
    [InlineData("tool_call", """{"callId":"c_1","tool":"","args":1}""", "payload.toolName", "payload.tool")]
    [InlineData("heartbeat", """{"ts":"yesterday"}""", "payload.ts", "payload.ts")]
    [InlineData("final", """{"ok":1}""", "payload.ok", "payload.ok")]
    public void Forgiving_is_not_guessing(string type, string payload, string exact, string peers)
    {
        JsonElement sent = Event("s_1", type, payload);
        Assert.False(EventReader.TryRead(sent, EventTolerance.Exact, out _, out string? problem));
        Assert.StartsWith($"{exact}: ", problem, StringComparison.Ordinal);
        Assert.False(EventReader.TryRead(sent, EventTolerance.Peers, out _, out problem));
        Assert.StartsWith($"{peers}: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_servers_half_of_a_handshake_is_kept_when_it_is_an_object()
    {
        string payload = """{"cancelUrl":"/c","expiresAt":"2026-01-01T00:00:00.000Z","encryption":{"enabled":true,"keyId":"k","serverHello":HELLO}}""";
        Assert.NotNull(Hello("""{"a":1}"""));
        Assert.Null(Hello("5"));
        Assert.Null(Hello("null"));

        JsonElement? Hello(string hello)
        {
            JsonElement sent = Event("s_1", "session_init", payload.Replace("HELLO", hello, StringComparison.Ordinal));
            Assert.True(EventReader.TryRead(sent, EventTolerance.Exact, out SessionEvent? read, out string? problem), problem);
            return Assert.IsType<SessionInit>(read.Payload).Encryption.ServerHello;
        }
    }

    private static JsonElement Event(string session, string type, string payload) =>
        JsonElement.Parse($$"""{"protocolVersion":2,"sessionId":"{{session}}","seq":1,"type":"{{type}}","timestamp":1700000000000,"payload":{{payload}}}""");
}
