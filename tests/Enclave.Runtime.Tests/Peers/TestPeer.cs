using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Enclave.Tests;

namespace Enclave.Runtime.Tests;

/// <summary>A plain WebSocket client, independent of the product. Received messages are sorted by session.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _sessions = new();
    private readonly TaskCompletionSource<(int? Code, string? Reason)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestPeer()
    {
    }

    /// <summary>Completes when the connection ends, with the close code or null.</summary>
    public Task<(int? Code, string? Reason)> Closed => _closed.Task;

    /// <summary>All received messages, in order.</summary>
    public ConcurrentQueue<JsonElement> All { get; } = [];

    public static Task<TestPeer> ConnectAsync(RuntimeWorker runtime, params (string Name, string Value)[] headers) =>
        ConnectAsync(runtime.Address!, (options) =>
    {
        foreach ((string name, string value) in headers) options.SetRequestHeader(name, value);
    });

    public static async Task<TestPeer> ConnectAsync(Uri address, Action<ClientWebSocketOptions>? configure = null)
    {
        var peer = new TestPeer();
        peer._socket.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(peer._socket.Options);
        try
        {
            await Within.Deadline(peer._socket.ConnectAsync(address, CancellationToken.None), "connection");
        }
        catch (WebSocketException)
        {
            int status = (int)peer._socket.HttpStatusCode;
            peer._socket.Dispose();
            throw new RefusedException(status);
        }

        _ = peer.ReadAsync();
        return peer;
    }

    public Task SendAsync(string text) =>
        Within.Deadline(_socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None), "way out for a message");

    /// <summary>Sends one fragment of a message.</summary>
    public Task SendPieceAsync(ReadOnlyMemory<byte> piece, bool isLast) =>
        _socket.SendAsync(piece, WebSocketMessageType.Text, isLast, CancellationToken.None).AsTask();

    /// <summary>The next event of a session, or the next message without a session.</summary>
    public async Task<JsonElement> NextAsync(string session, string what = "event") =>
        await Within.Deadline(Of(session).Reader.ReadAsync().AsTask(), $"{what} of {session}");

    /// <summary>The next event of a session that has this type.</summary>
    public async Task<JsonElement> NextAsync(string session, string type, params string[] passedOver)
    {
        while (true)
        {
            JsonElement next = await NextAsync(session, what: type);
            if (next.Type() == type) return next;
            Assert.True(passedOver.Length == 0 || passedOver.Contains(next.Type()), $"{next} came before {type}");
        }
    }

    /// <summary>All events of a session up to its last.</summary>
    public async Task<JsonElement[]> ToEndAsync(string session)
    {
        var all = new List<JsonElement>();
        do
        {
            all.Add(await NextAsync(session, "end"));
        }
        while (all[^1].Type() != "final");

        return [.. all];
    }

    public async Task CloseAsync()
    {
        if (_socket.State == WebSocketState.Open)
            await Within.Deadline(_socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None), "way out for a close");
        await Within.Deadline(Closed, "end of the connection");
    }

    /// <summary>Cuts the connection without a close frame.</summary>
    public void Cut() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Channel<JsonElement> Of(string session) => _sessions.GetOrAdd(session, (_) => Channel.CreateUnbounded<JsonElement>());

    private async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                WebSocketReceiveResult piece = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, piece.Count);
                if (!piece.EndOfMessage) continue;
                JsonElement json = JsonDocument.Parse(message.ToArray(), new JsonDocumentOptions { MaxDepth = 1000 }).RootElement;
                message.SetLength(0);
                All.Enqueue(json);
                Of(json.TryGetProperty("sessionId", out JsonElement id) ? id.GetString()! : "").Writer.TryWrite(json);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed below.
        }

        foreach (Channel<JsonElement> session in _sessions.Values) session.Writer.TryComplete();
        _closed.TrySetResult(((int?)_socket.CloseStatus, _socket.CloseStatusDescription));
    }
}
