using System.Net;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>JavaScript strings may contain half a surrogate pair, sent as an escape. .NET throws when it reads such a string.</summary>
public sealed class LoneSurrogateTests
{
    [Theory]
    [InlineData("""{ "code": "return '\ud800'" }""")]
    [InlineData("""{ "code": "return 1", "sessionId": "s_\udc00" }""")]
    [InlineData("""{ "code": "return 1", "tools": ["\ud800"] }""")]
    [InlineData("""{ "code": "return 1", "\ud800": 1 }""")]
    [InlineData("""{ "code": "return 1", "limits": { "\ud800": 1 } }""")]
    [InlineData("""{ "code": "return 1", "encryption": { "mode": "\ud800" } }""")]
    [InlineData("""{ "code": "return 1", "encryption": { "mode": "required", "clientHello": { "curve": "\udfff" } } }""")]
    public async Task A_request_that_is_no_text_is_refused_with_its_reason(string body)
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Post(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("INVALID_REQUEST", answer.GetProperty("code").GetString());
        Assert.Contains("surrogate", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        await using BrokerApp app = await BrokerApp.Open();
        using var content = new ByteArrayContent([.. "{ \"code\": \"return '"u8, 0xed, 0xa0, 0x80, .. "'\" }"u8]);

        using HttpResponseMessage response = await app.Http.PostAsync("/sessions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Globals_are_data_and_may_have_them()
    {
        await using BrokerApp app = await BrokerApp.Open();

        JsonElement[] events = await app.Run(
            "return [given.charCodeAt(1), Object.keys(map)[0].charCodeAt(0)]", """, "context": { "given": "a\ud800", "map": { "\udc00": 1 } } """);

        Assert.Equal("[55296,56320]", events.Final().Value());
    }

    [Theory]
    [InlineData("""{ "callId": "CALL", "result": "a\ud800" }""", "return (await callTool('mine', {})).charCodeAt(1)", "55296")]
    [InlineData("""{ "callId": "CALL", "result": { "\ud800": [1] } }""", "return Object.keys(await callTool('mine', {}))[0].charCodeAt(0)", "55296")]
    [InlineData("""{ "callId": "CALL", "error": { "message": "no \ud800", "code": "\udc00" } }""",
        "try { await callTool('mine', {}) } catch (e) { return e.message.length }", "4")]
    [InlineData("""{ "callId": "CALL", "error": "no \ud800" }""", "try { await callTool('mine', {}) } catch (e) { return e.message.length }", "4")]
    public async Task A_clients_answer_reaches_the_script_at_once(string answer, string code, string expected)
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.ClientTools = ["mine"]);

        Assert.Equal(expected, await ClientAnswer.Give(app, code, answer));
    }

    [Theory]
    [InlineData("""{ "callId": "CALL", "result": "a\ud800" }""", "return (await callTool('mine', {})).charCodeAt(1)", "65533")]
    [InlineData(
        """{ "callId": "CALL", "error": { "message": "no \ud800" } }""", "try { await callTool('mine', {}) } catch (e) { return e.message.length }", "4")]
    public async Task On_a_runtime_too_where_the_wire_has_no_such_text(string answer, string code, string expected)
    {
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Standard });
        await runtime.StartAsync();
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address!), (options) => options.ClientTools = ["mine"]);

        Assert.Equal(expected, await ClientAnswer.Give(app, code, answer));
    }

    [Theory]
    [InlineData("""{"mode":"include","rules":[{"content":{"patterns":[{"type":"exact","pattern":"\ud800"}]}}]}""", HttpStatusCode.OK)]
    [InlineData("""{"mode":"include","rules":[],"alwaysAllow":["\ud800"]}""", HttpStatusCode.OK)]
    [InlineData("""{"\ud800":1}""", HttpStatusCode.BadRequest)]
    public async Task Filters_cancels_keys_and_numbers_never_fail_the_broker(string filter, HttpStatusCode expected)
    {
        await using BrokerApp app = await BrokerApp.Open();
        await app.Run("return 1", """, "sessionId": "s_kept" """);

        using HttpResponseMessage read = await app.Send(HttpMethod.Get, $"/sessions/s_kept/stream?filter={Uri.EscapeDataString(filter)}");
        using HttpResponseMessage cancelled = await app.Send(HttpMethod.Post, "/sessions/s_kept/cancel", """{ "reason": "\ud800" }""");
        using HttpResponseMessage answered = await app.Send(HttpMethod.Post, "/sessions/s_kept/tool-result", """{ "callId": "\ud800", "result": 1 }""");
        using HttpResponseMessage unknown = await app.Send(HttpMethod.Get, "/sessions/%ED%A0%80");

        Assert.Equal(expected, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, answered.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
