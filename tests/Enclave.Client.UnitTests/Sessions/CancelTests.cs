using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class CancelTests
{
    [Theory]
    [InlineData(null, "Session cancelled", "{}")]
    [InlineData("enough", "enough", """{"reason":"enough"}""")]
    public async Task A_cancel_settles_at_once_and_tells_the_broker(string? reason, string message, string body)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, """{"success":true}"""));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");
        Exchange stream = await broker.NextAsync("request for a session");

        CancelOutcome outcome = await Within.Deadline(session.CancelAsync(reason), "answer to the cancel");

        Assert.Equal(CancelOutcome.Cancelled, outcome);
        SessionResult result = await session.Completion;
        Assert.Equal(new ClientError(ClientErrorCodes.Cancelled, message), result.Error);
        Assert.Equal(["POST /sessions", $"POST /sessions/{session.SessionId}/cancel"], broker.Asked);
        Assert.Equal(body, broker.Exchanges[1].Body);
        await stream.LeftAsync();
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_broker_without_the_route_is_asked_to_delete(int status)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(status, "<pre>Cannot POST</pre>", "text/html"))
            .On("DELETE /sessions/*", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");

        Assert.Equal(CancelOutcome.Cancelled, await session.CancelAsync());

        Assert.Equal($"DELETE /sessions/{session.SessionId}", broker.Asked[^1]);
    }

    [Fact]
    public async Task The_brokers_answer_to_a_cancel_is_reported_and_changes_no_result()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(500, ""));
        await using EnclaveClient client = broker.Client();
        await using ClientSession refused = await client.StartAsync("x");
        Assert.Equal(CancelOutcome.Unconfirmed, await refused.CancelAsync());
        Assert.Equal(ClientErrorCodes.Cancelled, (await refused.Completion).Error!.Code);

        broker.On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(404, ""));
        await using ClientSession unknown = await client.StartAsync("x");
        Assert.Equal(CancelOutcome.NotFound, await unknown.CancelAsync());
        Assert.Equal(CancelOutcome.AlreadyEnded, await unknown.CancelAsync());
    }

    [Fact]
    public async Task A_session_with_its_result_keeps_it()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");
        await session.Completion;

        Assert.Equal(CancelOutcome.AlreadyEnded, await session.CancelAsync());

        Assert.True((await session.Completion).Success);
        Assert.Single(broker.Asked);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_a_cancel_is_not_waited_for_longer_than_said()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.HoldAsync());
        var clock = new ManualClock();
        await using EnclaveClient client = broker.Client(clock);
        await using ClientSession session = await client.StartAsync("x");

        Task<CancelOutcome> cancel = session.CancelAsync();
        await Within.Deadline(session.Completion, "result, whatever the broker does");
        await broker.NextAsync("POST /sessions/*/cancel", "cancel");
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(cancel.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(CancelOutcome.Unconfirmed, await Within.Deadline(cancel, "end of the cancel"));
    }

    [Fact]
    public async Task The_caller_s_token_throws_at_once_and_the_broker_is_told()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.HoldAsync());
        await using EnclaveClient client = broker.Client();
        using var source = new CancellationTokenSource();
        Task<SessionResult> run = client.ExecuteAsync("x", null, source.Token);
        await broker.NextAsync("request for a session");

        await source.CancelAsync();

        OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "end of the run"));
        Assert.Equal(source.Token, thrown.CancellationToken);
        Exchange cancel = await broker.NextAsync("POST /sessions/*/cancel", "cancel");
        Assert.Equal(broker.Exchanges[0].SessionId, cancel.SessionId);
        cancel.Release();
    }

    [Fact]
    public async Task A_token_that_is_cancelled_before_sends_nothing()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = broker.Client();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ExecuteAsync("x", null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.StartAsync("x", null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetSessionAsync("s_1", cancelled));

        Assert.Empty(broker.Asked);
    }

    [Fact]
    public async Task A_start_that_is_given_up_is_cancelled_at_the_broker()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.HoldAsync()).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();
        using var source = new CancellationTokenSource();
        Task<ClientSession> start = client.StartAsync("x", null, source.Token);
        await broker.NextAsync("request for a session");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await broker.NextAsync("POST /sessions/*/cancel", "cancel");
    }

    [Fact]
    public async Task A_session_that_is_taken_up_and_given_up_is_left_to_others()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*/stream", (exchange) => exchange.HoldAsync());
        using var source = new CancellationTokenSource();
        await using (EnclaveClient client = broker.Client())
        {
            Task<ClientSession> resume = client.ResumeAsync("s_1", cancellationToken: source.Token);
            await broker.NextAsync("request for the stream");
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resume);
        }

        // Disposal waits for requests in progress, and there are none.
        Assert.Equal(["GET /sessions/s_1/stream"], broker.Asked);
    }

    [Fact]
    public async Task Disposing_a_session_or_the_client_cancels_what_runs()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Running).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        EnclaveClient client = broker.Client();
        ClientSession first = await client.StartAsync("x");
        ClientSession second = await client.StartAsync("x");

        await first.DisposeAsync();
        await broker.NextAsync("POST /sessions/*/cancel", "cancel of the first");
        await client.DisposeAsync();

        Assert.Equal(ClientErrorCodes.Cancelled, (await second.Completion).Error!.Code);
        Assert.Equal([first.SessionId, second.SessionId],
            broker.Exchanges.Where((exchange) => exchange.Path.EndsWith("/cancel", StringComparison.Ordinal)).Select((exchange) => exchange.SessionId));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ExecuteAsync("x"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ListSessionsAsync());
    }

    [Fact]
    public async Task A_cancel_while_waiting_to_reconnect_waits_no_longer()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            exchange.Cut();
        }).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        var clock = new ManualClock();
        await using EnclaveClient client = new(new EnclaveClientOptions
        {
            BaseUrl = broker.BaseUrl,
            TimeProvider = clock,
            Timeout = Timeout.InfiniteTimeSpan,
            HeartbeatTimeout = Timeout.InfiniteTimeSpan,
        });
        await using ClientSession session = await client.StartAsync("x");
        await Within.Becomes(() => clock.Armed == 1, "the client waits to reconnect");

        Assert.Equal(CancelOutcome.Cancelled, await Within.Deadline(session.CancelAsync(), "answer to the cancel"));

        Assert.Equal(ClientErrorCodes.Cancelled, (await session.Completion).Error!.Code);
    }

    [Fact]
    public async Task A_session_by_its_name_is_cancelled_without_being_read()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();

        Assert.Equal(CancelOutcome.Cancelled, await client.CancelSessionAsync("s_1", "why not"));

        Assert.Equal("""{"reason":"why not"}""", broker.Exchanges[0].Body);
    }

    private static async Task Running(Exchange exchange)
    {
        await exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.ToolCall(exchange.SessionId, 2, "c_1"));
        await exchange.HoldAsync();
    }
}
