using System.Net.WebSockets;
using Enclave.Runtime.Connections;
using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Server;
using Enclave.Runtime.Sessions;
using Enclave.Streaming;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Peers;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Server;

/// <summary>Accepts WebSocket requests as connections.</summary>
internal sealed class SocketEndpoint(RuntimeWorkerOptions options, SessionOpener opener, ConnectionTable connections, DebugLog debug)
{
    private readonly UpgradeGate _gate = new(options.Security);
    private readonly ReceiveBudget _unfinished = ReceiveBudget.Of(options.Connections.MaxMessageBytes);
    private int _isClosed;

    /// <summary>Accepts no more connections.</summary>
    public void Close() => Volatile.Write(ref _isClosed, 1);

    public async Task HandleAsync(HttpContext context)
    {
        if (Refusal(context) is { } refusal)
        {
            debug.Write("connection_refused", ("peer", Peer(context)), ("status", refusal.Status), ("code", refusal.Code));
            await Refusals.WriteAsync(context, refusal.Status, refusal.Code, refusal.Message).ConfigureAwait(false);
            return;
        }

        ConnectionSlot? slot = connections.TryTake();
        if (slot is null)
        {
            debug.Write("connection_refused", ("peer", Peer(context)), ("status", StatusCodes.Status503ServiceUnavailable), ("code", SessionCode.RuntimeBusy));
            await Refusals.WriteAsync(context,
                StatusCodes.Status503ServiceUnavailable, SessionCode.RuntimeBusy, "all connections of the runtime have sessions (MaxConnections)")
                .ConfigureAwait(false);
            return;
        }

        UnauthenticatedConnections.Admit(context);
        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            await ServeAsync(socket, Peer(context), slot).ConfigureAwait(false);
        }
        finally
        {
            connections.Release(slot);
        }
    }

    private (int Status, string Code, string Message)? Refusal(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return (StatusCodes.Status426UpgradeRequired, SessionCode.UpgradeRequired, "this path is a WebSocket; GET /health reports the runtime's state");
        }

        if (_gate.Refusal(context.Request) is { } refusal) return refusal;
        if (ProtocolMismatch(context) is { } foreign) return (StatusCodes.Status400BadRequest, SessionCode.ProtocolUnsupported, foreign);
        return Volatile.Read(ref _isClosed) == 1 ? (StatusCodes.Status503ServiceUnavailable, SessionCode.RuntimeStopping, "the runtime is stopping") : null;
    }

    /// <summary>Sends the protocol version of this runtime. Returns why the peer's does not fit, or null.</summary>
    private static string? ProtocolMismatch(HttpContext context)
    {
        context.Response.Headers[PeerProtocol.Header] = PeerProtocol.Ours.ToString();
        string? text = context.Request.Headers.TryGetValue(PeerProtocol.Header, out var said) ? said.ToString() : null;
        if (!PeerProtocol.TryRead(text, out PeerProtocol? protocol)) return $"{PeerProtocol.Header} is not a protocol version such as {PeerProtocol.Ours}";
        return protocol.IsUnderstood ? null : protocol.Mismatch("broker");
    }

    private async Task ServeAsync(WebSocket socket, string peer, ConnectionSlot slot)
    {
        using var line = new WebSocketClientConnection(socket, options.Connections, _unfinished);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string name = connections.Name();
        var client = new RuntimeClient(name, line, opener, options.TimeProvider);
        connections.Add(name, line, ended.Task);
        connections.Serve(slot, line, client);
        // A stop that ran meanwhile has not seen this connection.
        if (Volatile.Read(ref _isClosed) == 1) line.Close(SocketEnd.Stopping);
        debug.Write("connected", ("client", name), ("peer", peer));
        try
        {
            RuntimeConnectionHandlers? handlers = options.ConnectionHandlers;
            SessionNotifier.InvokeSafely(() => handlers?.OnConnect?.Invoke(name));
            SocketEnd end = await line.ReceiveAsync(client.Handle).ConfigureAwait(false);
            Task left = client.DisconnectAsync();
            if (end.IsFault) SessionNotifier.InvokeSafely(() => handlers?.OnError?.Invoke(name, end.Reason));
            await line.CloseAsync().ConfigureAwait(false);
            await left.ConfigureAwait(false);
            debug.Write("disconnected", ("client", name), ("reason", end.Reason), ("code", (int?)end.Code));
            SessionNotifier.InvokeSafely(() => handlers?.OnDisconnect?.Invoke(name));
        }
        finally
        {
            connections.Remove(name);
            ended.TrySetResult();
        }
    }

    private static string Peer(HttpContext context) => $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
}
