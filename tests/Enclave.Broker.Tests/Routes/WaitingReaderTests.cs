using System.Net;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Readers for whom there is nothing yet.</summary>
public sealed class WaitingReaderTests
{
    /// <summary>The first event that it could be sent is a heartbeat, 60 s from now.</summary>
    [Fact]
    public async Task A_reader_learns_that_it_is_connected_before_there_are_events()
    {
        await using BrokerApp app = await BrokerApp.Open((options) => options.HeartbeatInterval = TimeSpan.FromSeconds(60));
        using HttpResponseMessage opened = await app.Post("""{ "sessionId": "s_1", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() => app.Get("/sessions/s_1").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1, "the session called its tool");

        using HttpResponseMessage waiting = await app.Send(HttpMethod.Get, "/sessions/s_1/stream?fromSeq=50");

        Assert.Equal((HttpStatusCode.OK, "s_1"), (waiting.StatusCode, waiting.Headers.GetValues("X-Session-ID").Single()));
        (await app.Send(HttpMethod.Delete, "/sessions/s_1")).Dispose();
        Assert.Empty(await BrokerApp.Events(waiting));
    }
}
