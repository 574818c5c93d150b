using System.Net;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Readers that wait for their first event.</summary>
public sealed class WaitingReaderTests
{
    /// <summary>The first event to send is a heartbeat, after 60 s.</summary>
    [Fact]
    public async Task A_reader_learns_that_it_is_connected_before_there_are_events()
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.HeartbeatInterval = TimeSpan.FromSeconds(60));
        using HttpResponseMessage opened = await app.Post("""{ "sessionId": "s_1", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() =>
            app.Get("/sessions/s_1").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1, "the session called its tool");

        using HttpResponseMessage waiting = await app.Send(HttpMethod.Get, "/sessions/s_1/stream?fromSeq=50");

        Assert.Equal((HttpStatusCode.OK, "s_1"), (waiting.StatusCode, waiting.Headers.GetValues("X-Session-ID").Single()));
        (await app.Send(HttpMethod.Delete, "/sessions/s_1")).Dispose();
        Assert.Empty(await BrokerApp.Events(waiting));
    }
}
