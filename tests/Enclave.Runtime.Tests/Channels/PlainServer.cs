using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Tests.Channels;

/// <summary>A WebSocket server that records what it receives and follows the test's instructions.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PlainServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>The messages it received, in order: <c>connected /ws</c>, texts, <c>close CODE REASON</c>.</summary>
    public ConcurrentQueue<string> Seen { get; } = [];

    /// <summary>The newest connection.</summary>
    public WebSocket? Socket { get; private set; }

    /// <summary>The status for refusing connections; null accepts them.</summary>
    public int? Refusal { get; set; }

    public ConcurrentQueue<string> Authorizations { get; } = [];

    public static async Task<PlainServer> StartAsync(int port = 0)
    {
        var server = new PlainServer(LocalWeb.Builder($"http://127.0.0.1:{port}").Build());
        server._app.UseWebSockets();
        server._app.Run(server.ServeAsync);
        server.Address = new UriBuilder(await LocalWeb.Start(server._app)) { Scheme = "ws", Path = "/ws" }.Uri;
        return server;
    }

    public Task SendAsync(string text) => Socket!.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Sees(string what) => Within.Becomes(() => Seen.Contains(what), $"the server had seen {what}", () => string.Join(" | ", Seen));

    public async ValueTask DisposeAsync()
    {
        Socket?.Abort();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        if (Refusal is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        Socket = socket;
        Seen.Enqueue($"connected {context.Request.Path}");
        var buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                WebSocketReceiveResult piece = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close)
                {
                    Seen.Enqueue($"close {(int)socket.CloseStatus!} {socket.CloseStatusDescription}");
                    if (socket.State == WebSocketState.CloseReceived)
                        await socket.CloseOutputAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, CancellationToken.None);
                    return;
                }

                Seen.Enqueue(Encoding.UTF8.GetString(buffer, 0, piece.Count));
            }
        }
        catch (WebSocketException)
        {
            Seen.Enqueue("lost");
        }
    }
}
