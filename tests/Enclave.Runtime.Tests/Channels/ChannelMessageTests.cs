using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Runtime.Tests.Channels;

/// <summary>Messages as JSON, and back.</summary>
public sealed class ChannelMessageTests
{
    public static TheoryData<string> Written =>
    [
        """{"type":"execute","sessionId":"s_1","code":"return 1","limits":{"maxToolCalls":3}}""",
        """{"type":"execute","code":""}""",
        """{"type":"cancel","sessionId":"s_1","reason":"x"}""",
        """{"type":"cancel","sessionId":"s_1"}""",
        """{"type":"tool_result","sessionId":"s_1","callId":"c_1","success":true,"value":{"a":[1]},"result":{"a":[1]}}""",
        """{"type":"tool_result","sessionId":"s_1","callId":"c_1","success":true}""",
        """{"type":"tool_result","sessionId":"s_1","callId":"c_1","success":false,"error":{"code":"E","message":"m"}}""",
        """{"type":"ping","timestamp":1700000000000}""",
        """{"type":"pong","timestamp":1700000000000,"serverTime":1700000000001}""",
    ];

    [Theory]
    [MemberData(nameof(Written))]
    public void A_written_message_is_read_and_written_the_same(string json) => Assert.Equal(json, Read(json)!.ToJsonString());

    [Theory]
    [InlineData("""{"type":"start","code":"x"}""", """{"type":"execute","code":"x"}""")]
    [InlineData("""{"type":"execute","code":"x","sessionId":null,"limits":null}""", """{"type":"execute","code":"x"}""")]
    [InlineData("""{"protocolVersion":2,"sessionId":"s_1","type":"cancel","payload":{"reason":"r"}}""", """{"type":"cancel","sessionId":"s_1","reason":"r"}""")]
    [InlineData("""{"protocolVersion":2,"sessionId":"s_1","type":"tool_result_submit","payload":{"callId":"c_1","ok":false,"error":{"message":"m"}}}""",
        """{"type":"tool_result","sessionId":"s_1","callId":"c_1","success":false,"error":{"message":"m"}}""")]
    [InlineData("""{"type":"tool_result","callId":"c_1","result":5}""", """{"type":"tool_result","callId":"c_1","success":true,"value":5,"result":5}""")]
    [InlineData(
        """{"type":"tool_result","callId":"c_1","value":null}""", """{"type":"tool_result","callId":"c_1","success":true,"value":null,"result":null}""")]
    [InlineData("""{"type":"tool_result","callId":"c_1","error":{"message":"m"}}""",
        """{"type":"tool_result","callId":"c_1","success":false,"error":{"message":"m"}}""")]
    [InlineData(
        """{"type":"tool_result","callId":"c_1","error":null,"result":5}""", """{"type":"tool_result","callId":"c_1","success":true,"value":5,"result":5}""")]
    [InlineData(
        """{"type":"tool_result","callId":"c_1","error":"words"}""", """{"type":"tool_result","callId":"c_1","success":false,"error":{"message":"words"}}""")]
    [InlineData("""{"type":"tool_result","callId":"c_1","success":false}""",
        """{"type":"tool_result","callId":"c_1","success":false,"error":{"message":"the tool failed"}}""")]
    [InlineData("""{"type":"tool_result","callId":"c_1","success":true,"error":{"message":"m"},"value":5}""",
        """{"type":"tool_result","callId":"c_1","success":true,"value":5,"result":5}""")]
    [InlineData("""{"id":"c_1","data":5}""", """{"type":"tool_result","callId":"c_1","success":true,"value":5,"result":5}""")]
    [InlineData("""{"type":"tool_result","id":"c_1","data":5}""", """{"type":"tool_result","callId":"c_1","success":true,"value":5,"result":5}""")]
    [InlineData("""{"type":"ping","timestamp":"soon"}""", """{"type":"ping"}""")]
    [InlineData("""{"type":"execute","code":"\ud800"}""", "{\"type\":\"execute\",\"code\":\"\ufffd\"}")]
    public void Every_peers_form_is_read(string json, string ours) => Assert.Equal(ours, Read(json)!.ToJsonString());

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"what"}""")]
    [InlineData("""{"type":["execute"],"code":"x"}""")]
    [InlineData("""{"type":"execute"}""")]
    [InlineData("""{"type":"execute","code":{}}""")]
    [InlineData("""{"type":"execute","code":"x","sessionId":7}""")]
    [InlineData("""{"type":"cancel"}""")]
    [InlineData("""{"type":"cancel","sessionId":"s_1","reason":7}""")]
    [InlineData("""{"type":"tool_result","result":1}""")]
    [InlineData("""{"type":"tool_result","callId":"","result":1}""")]
    [InlineData("""{"type":"tool_result","callId":"c_1","success":"yes"}""")]
    [InlineData("""{"id":7,"data":5}""")]
    [InlineData("""{"id":"c_1"}""")]
    public void JSON_that_is_no_message_is_not_read(string json) => Assert.Null(Read(json));

    [Fact]
    public void A_kept_value_outlives_its_document()
    {
        ChannelToolResult result;
        using (JsonDocument document = JsonDocument.Parse("""{"type":"tool_result","callId":"c_1","value":{"a":1}}"""))
        {
            Assert.True(ChannelReader.TryRead(document.RootElement, out ChannelMessage? message));
            result = (ChannelToolResult)message;
        }

        Assert.Equal(1, result.Value!.Value.GetProperty("a").GetInt32());
    }

    private static ChannelMessage? Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ChannelReader.TryRead(document.RootElement, out ChannelMessage? message) ? message : null;
    }
}
