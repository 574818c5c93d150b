using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>A broker keeps the newest events of a session: a client that reconnects too late for some gets the others.</summary>
public sealed class ExpiredEventsTests
{
    [Fact]
    public async Task A_stream_whose_events_are_gone_is_gone_on_with_and_keeps_its_answer()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "a")))
            .On(
                "GET /sessions/*/stream",
                (exchange) => exchange.AnswerAsync(410, """{"code":"EVENTS_EXPIRED","message":"event 3 is no longer kept"}"""),
                (exchange) => exchange.SendAsync(Wire.Stdout(exchange.SessionId, 7, "f"), Wire.Final(exchange.SessionId, 8)));
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, ReconnectDelay = TimeSpan.FromMilliseconds(1) });

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(7, result.Value!.Value.GetInt32());
        Assert.Equal(["1 session_init", "2 stdout", "7 stdout", "8 final"], result.Events.Select((taken) => taken.ToString()));
        Assert.Equal(new Streaming.SequenceGap(3, 6), result.Missing.Single());
    }

    [Fact]
    public async Task Events_that_somebody_asks_for_by_number_are_refused_when_they_are_gone()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*/stream", (exchange) => exchange.AnswerAsync(410, """{"code":"EVENTS_EXPIRED","message":"gone"}"""));
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, ReconnectDelay = TimeSpan.FromMilliseconds(1) });

        await using ClientSession session = await client.ResumeAsync("s_1", 3);
        SessionResult result = await Within.Deadline(session.Completion, "result");

        Assert.Equal((ClientErrorCodes.SessionError, 410), (result.Error!.Code, result.Error.StatusCode));
    }
}
