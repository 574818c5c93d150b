using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Upgrade.Tests;

/// <summary>Peers over a WebSocket that report another protocol version, or an unreadable one.</summary>
public sealed class ForeignTests
{
    private const string Header = "Enclave-Protocol";

    [Theory]
    [InlineData("999", "versions 998 to 999")]
    [InlineData("9;least=3", "versions 3 to 9")]
    [InlineData("\"; DROP TABLE enclave.session", "did not report a readable protocol version")]
    [InlineData("2;least=3", "did not report a readable protocol version")]
    public async Task A_runtime_that_a_broker_cannot_speak_with_gets_no_script(string said, string told)
    {
        int asked = 0;
        await using WebApplication runtime = await Listen(async (context) =>
        {
            context.Response.Headers[Header] = said;
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            ValueWebSocketReceiveResult got = await socket.ReceiveAsync(new byte[4096].AsMemory(), CancellationToken.None);
            if (got.MessageType == WebSocketMessageType.Text) Interlocked.Increment(ref asked);
        });
        await using var all = new Deployment { RuntimePorts = [Port(runtime)] };
        Part broker = await all.ForsakenBroker(Build.Present);

        JsonElement final = await new Client(all.Balancer, "alice").Run("s_1", "return 1");

        Assert.Equal("PROTOCOL_UNSUPPORTED", final.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, asked);
        // Logs arrive a moment later than responses.
        await Patience.Until(() => Task.FromResult(broker.Log.Contains(told, StringComparison.Ordinal)), () => $"the broker's log says why: {broker.Log}");
    }

    [Fact]
    public async Task A_runtime_that_refuses_the_brokers_protocol_is_told_of_as_such()
    {
        await using WebApplication runtime = await Listen((context) =>
        {
            context.Response.Headers[Header] = "9;least=8";
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("""{"code":"PROTOCOL_UNSUPPORTED"}""");
        });
        await using var all = new Deployment { RuntimePorts = [Port(runtime)] };
        Part broker = await all.ForsakenBroker(Build.Present);

        JsonElement final = await new Client(all.Balancer, "alice").Run("s_1", "return 1");

        Assert.Equal("PROTOCOL_UNSUPPORTED", final.GetProperty("error").GetProperty("code").GetString());
        await Patience.Until(
            () => Task.FromResult(broker.Log.Contains("versions 8 to 9", StringComparison.Ordinal)), () => $"the broker's log says why: {broker.Log}");
    }

    [Fact]
    public async Task A_runtime_refuses_brokers_that_it_cannot_speak_with_and_takes_those_that_say_nothing()
    {
        await using var all = new Deployment();
        Part runtime = await all.Runtime(Build.Present);

        foreach (string said in (string[])["999", "0", "two", "2;least=two", new string('9', 300), "3;least=3"])
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader(Header, said);
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(runtime.Address, CancellationToken.None));
            Assert.Equal(HttpStatusCode.BadRequest, socket.HttpStatusCode);
            Assert.StartsWith("2;least=1", Assert.Single(socket.HttpResponseHeaders![Header]), StringComparison.Ordinal);
        }

        foreach (string? said in (string?[])[null, "1", "2;least=1;features=a,b;later=yes", "3"])
        {
            using var socket = new ClientWebSocket();
            if (said is not null) socket.Options.SetRequestHeader(Header, said);
            await socket.ConnectAsync(runtime.Address, CancellationToken.None);
            Assert.Equal(WebSocketState.Open, socket.State);
        }
    }

    private static async Task<WebApplication> Listen(Func<HttpContext, Task> answer)
    {
        WebApplication app = LocalWeb.Builder().Build();
        app.UseWebSockets();
        app.Run((context) => answer(context));
        await LocalWeb.Start(app);
        return app;
    }

    private static int Port(WebApplication app) => LocalWeb.AddressOf(app).Port;
}
