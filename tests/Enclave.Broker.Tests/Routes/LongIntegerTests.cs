using System.Net;
using System.Text.Json;

namespace Enclave.Broker.Tests.Routes;

/// <summary>JSON with more digits than the broker should have to convert.</summary>
public sealed class LongIntegerTests
{
    private static readonly string s_many = $"[{string.Join(',', Enumerable.Repeat(new string('7', 16_000), 40))}]";

    [Fact]
    public async Task In_a_request_they_are_refused_with_the_place()
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Post($$"""{ "code": "return 1", "context": { "many": {{s_many}} } }""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches("^context: its integers take longer .*many",
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task In_a_clients_answer_they_fail_the_call_at_once()
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.ClientTools = ["mine"]);

        string said = await ClientAnswer.Give(
            app, "try { await callTool('mine', {}) } catch (e) { return e.code }", $$"""{ "callId": "CALL", "result": {{s_many}} }""");

        Assert.Equal("\"TOOL_RESULT_INVALID\"", said);
    }
}
