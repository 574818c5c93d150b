using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class ResumeTests
{
    [Fact]
    public async Task A_cut_stream_is_taken_up_at_the_first_event_that_is_missing()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "a"), Wire.Stdout(exchange.SessionId, 3, "b"));
            exchange.Cut();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Stdout(exchange.SessionId, 4, "c"), Wire.Final(exchange.SessionId, 5)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.True(result.Success);
        Assert.Equal([1, 2, 3, 4, 5], result.Events.Select((taken) => taken.Seq));
        Assert.Equal(["POST /sessions", $"GET /sessions/{result.SessionId}/stream?from=4&fromSeq=4"], broker.Asked);
        Assert.Equal(1, result.Stats.Reconnects);
    }

    [Fact]
    public async Task A_broker_that_sends_all_again_is_heard_once()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "a"));
            exchange.Cut();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId),
            Wire.Stdout(exchange.SessionId, 2, "a"), Wire.Stdout(exchange.SessionId, 3, "b"), Wire.Final(exchange.SessionId, 4)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal([1, 2, 3, 4], result.Events.Select((taken) => taken.Seq));
        Assert.Equal(2, result.Stats.StdoutBytes);
    }

    [Fact]
    public async Task Two_events_of_one_number_are_two_when_their_kinds_differ()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            string id = exchange.SessionId;
            await exchange.SendAsync(Wire.Init(id), Wire.ToolCall(id, 2, "0b3c"),
                Wire.Event(id, 3, "tool_result_applied", """{"callId":"0b3c"}"""), Wire.ToolCall(id, 3, "77aa"), Wire.ToolCall(id, 3, "again"));
            await exchange.SendAsync(Wire.Event(id, 4, "tool_result_applied", """{"callId":"77aa"}"""), Wire.Final(id, 4));
        });
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.True(result.Success);
        Assert.Equal(["1 session_init", "2 tool_call", "3 tool_result_applied", "3 tool_call", "4 tool_result_applied", "4 final"],
            result.Events.Select((taken) => taken.ToString()));
    }

    [Fact]
    public async Task Numbers_that_never_came_are_told()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId),
            Wire.Stdout(exchange.SessionId, 2, "a"), Wire.Stdout(exchange.SessionId, 5, "b"), Wire.Final(exchange.SessionId, 7)));
        await using EnclaveClient client = broker.Client();

        Assert.Equal([new SequenceGap(3, 4), new SequenceGap(6, 6)], (await client.ExecuteAsync("x")).Missing);
        SessionResult filtered = await client.ExecuteAsync("x", new ExecuteOptions { Filter = System.Text.Json.JsonDocument.Parse("{}").RootElement });
        Assert.Empty(filtered.Missing);
    }

    [Fact]
    public async Task The_filter_holds_on_every_connection()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            exchange.Cut();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 5)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync(
            "x", new ExecuteOptions { SessionId = "s_1", Filter = System.Text.Json.JsonDocument.Parse("""{"mode": "exclude", "rules": []}""").RootElement });

        Assert.True(result.Success);
        Assert.Equal("GET /sessions/s_1/stream?from=2&fromSeq=2&filter=%7B%22mode%22%3A%20%22exclude%22%2C%20%22rules%22%3A%20%5B%5D%7D", broker.Asked[^1]);
    }

    [Fact]
    public async Task A_stream_without_end_is_taken_up_and_settles_when_that_is_in_vain()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId)));
        broker.On("GET /sessions/*/stream", (exchange) => exchange.BeginAsync());
        await using EnclaveClient client = broker.Client();

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(ClientErrorCodes.ParseError, result.Error!.Code);
        Assert.Equal(1 + 3, broker.Asked.Count);
        Assert.Single(result.Events);
    }

    [Fact]
    public async Task Connections_that_bring_something_are_not_counted()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId)));
        broker.On("GET /sessions/*/stream", [
            .. Enumerable.Range(2, 8).Select((seq) => (Func<Exchange, Task>)((exchange) => exchange.SendAsync(Wire.Stdout(exchange.SessionId, seq, "a")))),
            (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 10))]);
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.True(result.Success);
        Assert.Equal(9, result.Stats.Reconnects);
    }

    [Fact]
    public async Task Without_reconnecting_the_first_end_is_the_end()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId)), async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            exchange.Cut();
        });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, AutoReconnect = false });

        Assert.Equal(ClientErrorCodes.ParseError, (await client.ExecuteAsync("x")).Error!.Code);
        Assert.Equal(ClientErrorCodes.NetworkError, (await client.ExecuteAsync("x")).Error!.Code);
        Assert.Equal(2, broker.Asked.Count);
    }

    [Fact]
    public async Task A_session_is_taken_up_by_its_name()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId),
            Wire.Stdout(exchange.SessionId, 2, "old"), Wire.Stdout(exchange.SessionId, 3, "new"), Wire.Final(exchange.SessionId, 4)));
        await using EnclaveClient client = broker.Client();

        await using ClientSession session = await client.ResumeAsync("s_1", fromSeq: 3);
        var read = new List<string>();
        await foreach (SessionEvent taken in session.Events) read.Add(taken.ToString());

        Assert.Equal(["3 stdout", "4 final"], read);
        Assert.True((await session.Completion).Success);
        Assert.Equal(["GET /sessions/s_1/stream?from=3&fromSeq=3"], broker.Asked);
    }

    [Fact]
    public async Task A_session_that_the_broker_does_not_know_cannot_be_taken_up()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = broker.Client();

        await using ClientSession session = await client.ResumeAsync("s_none");

        ClientError error = (await Within.Deadline(session.Completion, "result")).Error!;
        Assert.Equal((ClientErrorCodes.SessionError, 404), (error.Code, error.StatusCode));
        Assert.Single(broker.Asked);
    }
}
