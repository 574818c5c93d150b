using System.Net;
using System.Net.Sockets;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(302)]
    public async Task A_refusal_of_the_client_is_not_tried_again(int status)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.Header("Retry-After", "7").Header("Location", "/sessions/elsewhere").AnswerAsync(status, "no"));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(new ClientError(ClientErrorCodes.SessionError,
            $"Failed to start session: {status} - no")
        { StatusCode = status, RetryAfter = TimeSpan.FromSeconds(7) }, result.Error);
        Assert.Equal(["POST /sessions"], broker.Asked);
    }

    [Fact]
    public async Task A_broken_broker_may_have_the_session_all_the_same()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.AnswerAsync(502, "gateway"));
        broker.On("GET /sessions/*/stream", (exchange) => exchange.AnswerAsync(503, ""), (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.True(result.Success);
        Assert.Equal(["POST /sessions", $"GET /sessions/{result.SessionId}/stream", $"GET /sessions/{result.SessionId}/stream"], broker.Asked);
    }

    [Fact]
    public async Task A_broken_broker_that_knows_no_session_has_refused_it()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.AnswerAsync(500, "full"));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal(new ClientError(ClientErrorCodes.SessionError, "Failed to start session: 500 - full") { StatusCode = 500 }, result.Error);
        Assert.Equal(2, broker.Asked.Count);
    }

    [Fact]
    public async Task A_broker_that_stays_broken_ends_in_RECONNECT_FAILED()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.AnswerAsync(503, ""));
        broker.On("GET /sessions/*/stream", (exchange) => exchange.AnswerAsync(503, ""));
        await using EnclaveClient client = broker.Client();

        ClientError error = (await Within.Deadline(client.ExecuteAsync("x"), "result")).Error!;

        Assert.Equal((ClientErrorCodes.ReconnectFailed, "Reconnection failed: 503", 503), (error.Code, error.Message, error.StatusCode));
        Assert.Equal(1 + 3, broker.Asked.Count);
    }

    [Fact]
    public async Task A_broker_that_forgot_the_session_is_asked_once()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            exchange.Cut();
        });
        await using EnclaveClient client = broker.Client();

        ClientError error = (await Within.Deadline(client.ExecuteAsync("x"), "result")).Error!;

        Assert.Equal((ClientErrorCodes.ReconnectFailed, "Reconnection failed: 404"), (error.Code, error.Message));
        Assert.Equal(2, broker.Asked.Count);
    }

    [Fact]
    public async Task No_broker_at_all_is_told_at_once()
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var clock = new ManualClock();
        await using EnclaveClient client = new(
            new EnclaveClientOptions { BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)unused.LocalEndPoint!).Port}"), TimeProvider = clock });

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result without a wait");

        Assert.Equal(ClientErrorCodes.NetworkError, result.Error!.Code);
        Assert.Equal(ClientErrorCodes.NetworkError, (await Assert.ThrowsAsync<EnclaveClientException>(() => client.GetSessionAsync("s_1"))).Code);
    }

    [Fact]
    public async Task A_post_without_an_answer_is_looked_for_and_never_repeated()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) =>
        {
            exchange.Cut();
            return Task.CompletedTask;
        });
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal(ClientErrorCodes.NetworkError, result.Error!.Code);
        Assert.Equal(["POST /sessions", $"GET /sessions/{result.SessionId}/stream"], broker.Asked);
    }
}
