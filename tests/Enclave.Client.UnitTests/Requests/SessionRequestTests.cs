namespace Enclave.Client.UnitTests;

public sealed class SessionRequestTests
{
    private const string Info =
        """{"sessionId":"s_a","state":"waiting_for_tool","createdAt":1795158681293,"expiresAt":1795158741293,"stats":{"duration":154,"toolCallCount":2}}""";

    [Fact]
    public async Task A_session_is_what_the_broker_tells_of_it()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.AnswerAsync(200, Info));
        await using EnclaveClient client = broker.Client();

        SessionInfo? info = await client.GetSessionAsync("s_a");

        Assert.Equal(new SessionInfo("s_a", ClientSessionState.WaitingForTool, DateTimeOffset.FromUnixTimeMilliseconds(1795158681293),
            DateTimeOffset.FromUnixTimeMilliseconds(1795158741293), TimeSpan.FromMilliseconds(154), 2), info);
    }

    [Theory]
    [InlineData("\"queue\":{\"place\":3,\"waiting\":17}", 3, 17)]
    [InlineData("\"queue\":{\"place\":3}", 3, 3)]
    [InlineData("\"queue\":{\"place\":3,\"waiting\":1}", 3, 3)]
    [InlineData("\"queue\":{\"waiting\":17}", null, 0)]
    [InlineData("\"queue\":{\"place\":-3,\"waiting\":17}", null, 0)]
    [InlineData("\"queue\":{\"place\":\"3\"}", null, 0)]
    [InlineData("\"queue\":[3,17]", null, 0)]
    [InlineData("\"queue\":null", null, 0)]
    public async Task A_session_that_waits_has_its_place(string queue, int? place, int waiting)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.AnswerAsync(200, Info[..^1] + "," + queue + "}"));
        await using EnclaveClient client = broker.Client();

        SessionInfo info = (await client.GetSessionAsync("s_a"))!;

        Assert.Equal(place is { } known ? new QueuePlace(known, waiting) : null, info.Queue);
    }

    [Fact]
    public async Task An_unknown_session_is_nothing()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = broker.Client();

        Assert.Null(await client.GetSessionAsync("s_a"));
        Assert.False(await client.DeleteSessionAsync("s_a"));
    }

    [Fact]
    public async Task Sessions_are_listed_and_deleted()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions", (exchange) => exchange.AnswerAsync(200, $$"""{"sessions":[{{Info}},{"id":"s_b","status":"error"},{"no":"name"},7]}"""))
            .On("DELETE /sessions/*", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();

        IReadOnlyList<SessionInfo> list = await client.ListSessionsAsync();

        Assert.Equal([("s_a", ClientSessionState.WaitingForTool), ("s_b", ClientSessionState.Failed)], list.Select((info) => (info.SessionId, info.State)));
        Assert.True(await client.DeleteSessionAsync("s_a"));
    }

    [Fact]
    public async Task A_refusal_throws_with_its_status()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.AnswerAsync(500, ""))
            .On("GET /sessions", (exchange) => exchange.AnswerAsync(403, "")).On("DELETE /sessions/*", (exchange) => exchange.AnswerAsync(401, ""));
        await using EnclaveClient client = broker.Client();

        EnclaveClientException got = await Assert.ThrowsAsync<EnclaveClientException>(() => client.GetSessionAsync("s_a"));
        EnclaveClientException listed = await Assert.ThrowsAsync<EnclaveClientException>(() => client.ListSessionsAsync());
        EnclaveClientException deleted = await Assert.ThrowsAsync<EnclaveClientException>(() => client.DeleteSessionAsync("s_a"));

        Assert.Equal((ClientErrorCodes.SessionError, "Failed to get session: 500", 500), (got.Code, got.Message, got.StatusCode));
        Assert.Equal(403, listed.StatusCode);
        Assert.Equal(401, deleted.StatusCode);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sessions":{}}""")]
    [InlineData("""{"sessionId":5}""")]
    [InlineData("""{"sessionId":"\ud800"}""")]
    [InlineData("")]
    public async Task An_answer_about_something_else_is_PARSE_ERROR(string body)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.AnswerAsync(200, body)).On("GET /sessions", (exchange) => exchange.AnswerAsync(200, body));
        await using EnclaveClient client = broker.Client();

        Assert.Equal(ClientErrorCodes.ParseError, (await Assert.ThrowsAsync<EnclaveClientException>(() => client.GetSessionAsync("s_a"))).Code);
        Assert.Equal(ClientErrorCodes.ParseError, (await Assert.ThrowsAsync<EnclaveClientException>(() => client.ListSessionsAsync())).Code);
    }

    [Fact]
    public async Task Numbers_out_of_all_bounds_are_cut()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.AnswerAsync(
            200, """{"sessionId":"s_a","createdAt":1e300,"expiresAt":-5,"stats":{"duration":1e300,"toolCallCount":-1e300}}"""));
        await using EnclaveClient client = broker.Client();

        SessionInfo info = (await client.GetSessionAsync("s_a"))!;

        Assert.Equal((9999, DateTimeOffset.UnixEpoch, 0), (info.CreatedAt.Year, info.ExpiresAt, info.ToolCallCount));
    }

    [Fact]
    public async Task A_request_waits_no_longer_than_said()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*", (exchange) => exchange.HoldAsync());
        var clock = new ManualClock();
        await using EnclaveClient client = broker.Client(clock);
        Task<SessionInfo?> ask = client.GetSessionAsync("s_a");
        await broker.NextAsync("request");

        clock.Advance(TimeSpan.FromSeconds(60.1));

        Assert.Equal(
            ClientErrorCodes.Timeout, (await Assert.ThrowsAsync<EnclaveClientException>(() => Enclave.Tests.Within.Deadline(ask, "end of the request"))).Code);
    }

    [Theory]
    [InlineData("a/b", "GET /sessions/a%2Fb")]
    [InlineData("a?b#c", "GET /sessions/a%3Fb%23c")]
    [InlineData("../x", "GET /sessions/..%2Fx")]
    public async Task A_name_stays_in_its_place(string id, string line)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = broker.Client();

        await client.GetSessionAsync(id);

        Assert.Equal(line, Assert.Single(broker.Asked));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\r\nb")]
    public async Task A_name_that_is_none_is_the_caller_s_mistake(string id)
    {
        await using EnclaveClient client = new(new Uri("http://127.0.0.1:1"));

        await Assert.ThrowsAsync<ArgumentException>(() => client.GetSessionAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.DeleteSessionAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ResumeAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CancelSessionAsync(id));
    }
}
