using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client.UnitTests;

public sealed class ExecuteTests
{
    [Fact]
    public async Task A_script_is_posted_once_and_its_end_is_the_result()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId),
            Wire.Stdout(exchange.SessionId, 2, "é"), Wire.ToolCall(exchange.SessionId, 3, "c_1"), Wire.Final(exchange.SessionId, 4)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("return 7");

        Assert.True(result.Success);
        Assert.Equal(7, result.Value!.Value.GetInt32());
        Assert.Equal(["session_init", "stdout", "tool_call", "final"], result.Events.Select((taken) => taken.Type));
        Assert.Equal((1, 2, 0), (result.Stats.ToolCallCount, result.Stats.StdoutBytes, result.Stats.Reconnects));
        Assert.Equal(new FinalStats(3, 0, 0), result.BrokerStats);
        Assert.Empty(result.Missing);
        Exchange asked = Assert.Single(broker.Exchanges);
        Assert.Equal("return 7", asked.Json.GetProperty("code").GetString());
        Assert.Equal(result.SessionId, asked.SessionId);
        Assert.StartsWith("s_", result.SessionId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false, null)]
    [InlineData(""","result":null""", true, JsonValueKind.Null)]
    [InlineData(""","result":"x" """, true, JsonValueKind.String)]
    public async Task Nothing_returned_is_told_from_null_returned(string result, bool hasValue, JsonValueKind? kind)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Event(exchange.SessionId, 1, "final", $$"""{"ok":true{{result}}}""")));
        await using EnclaveClient client = broker.Client();

        SessionResult ended = await client.ExecuteAsync("");

        Assert.True(ended.Success);
        Assert.Equal(hasValue, ended.Value.HasValue);
        Assert.Equal(kind, ended.Value?.ValueKind);
    }

    [Fact]
    public async Task The_code_of_a_failure_is_the_script_s()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Failure(exchange.SessionId, 2, "MAX_TOOL_CALLS")));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.False(result.Success);
        Assert.Equal(new ClientError("MAX_TOOL_CALLS", "it failed") { Stack = "at 1:1" }, result.Error);
    }

    [Fact]
    public async Task A_broker_that_has_its_own_name_for_the_session_is_asked_by_it()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.Header("X-Session-ID", "s_theirs").SendAsync(Wire.Init("s_theirs"));
            exchange.Cut();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Final("s_theirs", 2)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal("s_theirs", result.SessionId);
        Assert.True(result.Success);
        Assert.StartsWith("GET /sessions/s_theirs/stream", broker.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_another_session_are_not_this_one_s()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(
            Wire.Init(exchange.SessionId), Wire.Final("s_other", 2, "666"), Wire.Final(exchange.SessionId, 2)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal(7, result.Value!.Value.GetInt32());
        Assert.Equal(2, result.Events.Count);
    }

    [Fact]
    public async Task Limits_and_filter_go_as_both_brokers_read_them()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 9)));
        await using EnclaveClient client = broker.Client();

        await client.ExecuteAsync("x", new ExecuteOptions
        {
            SessionId = "s_mine",
            Limits = new SessionLimits { SessionTtlMs = 5000, MaxToolCalls = 7, HeartbeatIntervalMs = 1000, MemoryLimit = 1 << 20 },
            Filter = JsonDocument.Parse("""{"mode":"include","rules":[]}""").RootElement,
        });

        Assert.Equal(
            """{"sessionId":"s_mine","code":"x","config":{"maxExecutionMs":5000,"maxToolCalls":7,"heartbeatIntervalMs":1000},"limits":{"sessionTtlMs":5000""" +
            ""","maxToolCalls":7,"heartbeatIntervalMs":1000,"memoryLimit":1048576},"filter":{"mode":"include","rules":[]}}""",
            broker.Exchanges[0].Body);
    }

    [Theory]
    [InlineData(null, """{"sessionId":"s_mine","code":"x"}""")]
    [InlineData("either", """{"sessionId":"s_mine","code":"x","language":"either"}""")]
    [InlineData("javascript", """{"sessionId":"s_mine","code":"x","language":"javascript"}""")]
    [InlineData("typescript", """{"sessionId":"s_mine","code":"x","language":"typescript"}""")]
    public async Task A_language_that_is_said_goes_along(string? language, string body)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 9)));
        await using EnclaveClient client = broker.Client();

        await client.ExecuteAsync("x", new ExecuteOptions { SessionId = "s_mine", Language = language });

        Assert.Equal(body, broker.Exchanges[0].Body);
    }

    [Fact]
    public async Task Headers_and_token_go_with_every_request()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) =>
        {
            exchange.Cut();
            return Task.CompletedTask;
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using EnclaveClient client = new(new EnclaveClientOptions
        {
            BaseUrl = broker.BaseUrl,
            ReconnectDelay = TimeSpan.Zero,
            BearerToken = "abc",
            Headers = new Dictionary<string, string> { ["X-Team"] = "red" }
        });

        await client.ExecuteAsync("x");

        Assert.Equal(2, broker.Exchanges.Count);
        Assert.All(broker.Exchanges, (exchange) =>
        {
            Assert.Equal("Bearer abc", exchange.Headers["Authorization"]);
            Assert.Equal("red", exchange.Headers["X-Team"]);
            Assert.Equal("application/x-ndjson", exchange.Headers["Accept"]);
            Assert.Equal("identity", exchange.Headers["Accept-Encoding"]);
        });
        Assert.Equal("application/json", broker.Exchanges[0].Headers["Content-Type"]);
    }
}
