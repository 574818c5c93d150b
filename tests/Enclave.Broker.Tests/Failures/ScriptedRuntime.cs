using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Tests.Failures;

/// <summary>A runtime that sends the frames of the test, whatever the broker asks for.</summary>
internal sealed class ScriptedRuntime : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<string, string[]> _frames;
    private readonly List<string> _heard = [];

    private ScriptedRuntime(WebApplication app, Func<string, string[]> frames) => (_app, _frames) = (app, frames);

    public Uri Address => new UriBuilder(LocalWeb.AddressOf(_app)) { Scheme = "ws" }.Uri;

    /// <summary>The messages of the broker, in order.</summary>
    public string[] Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    /// <param name="frames">Returns the frames to send for a session of this name.</param>
    public static async Task<ScriptedRuntime> Start(Func<string, string[]> frames)
    {
        WebApplication app = LocalWeb.Builder().Build();
        var runtime = new ScriptedRuntime(app, frames);
        app.UseWebSockets();
        app.Run(runtime.ServeAsync);
        await LocalWeb.Start(app);
        return runtime;
    }

    /// <summary>One event of a session.</summary>
    public static string Event(string session, long seq, string type, string payload) =>
        $$"""{"protocolVersion":1,"sessionId":"{{session}}","seq":{{seq}},"type":"{{type}}","payload":{{payload}}}""";

    public async ValueTask DisposeAsync() => await Within.Deadline(_app.DisposeAsync().AsTask(), "end of the scripted runtime");

    private async Task ServeAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: WebSocketMessageType.Text } received)
            {
                string text = Encoding.UTF8.GetString(buffer, 0, received.Count);
                lock (_heard) _heard.Add(text);
                JsonElement message = JsonDocument.Parse(text).RootElement;
                if (message.GetProperty("type").GetString() != "execute") continue;
                foreach (string frame in _frames(message.GetProperty("sessionId").GetString()!))
                    await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, context.RequestAborted);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            // The broker has closed the connection.
        }
    }
}
