using System.Net.WebSockets;
using Enclave.Listening;
using Enclave.Runtime.Connections;
using Enclave.Runtime.Diagnostics;
using Enclave.Streaming.Peers;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Server;

/// <summary>Turns requests into connections.</summary>
internal sealed class SocketEndpoint(RuntimeWorkerOptions options, SessionOpener opener, ConnectionTable connections, DebugLines debug)
{
    private readonly UpgradeGate _gate = new(options.Security);
    private int _isClosed;

    /// <summary>Takes no more connections.</summary>
    public void Close() => Volatile.Write(ref _isClosed, 1);

    public async Task HandleAsync(HttpContext context)
    {
        if (Refusal(context) is { } refusal)
        {
            debug.Write("connection_refused", ("peer", Peer(context)), ("status", refusal.Status), ("code", refusal.Code));
            await Refusals.WriteAsync(context, refusal.Status, refusal.Code, refusal.Message).ConfigureAwait(false);
            return;
        }

        if (!connections.TryTake())
        {
            debug.Write("connection_refused", ("peer", Peer(context)), ("status", StatusCodes.Status503ServiceUnavailable), ("code", "RUNTIME_BUSY"));
            await Refusals.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "RUNTIME_BUSY", "the runtime has as many connections as it may (MaxConnections)").ConfigureAwait(false);
            return;
        }

        Newcomers.Admit(context);
        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            await ServeAsync(socket, Peer(context)).ConfigureAwait(false);
        }
        finally
        {
            connections.Release();
        }
    }

    private (int Status, string Code, string Message)? Refusal(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return (StatusCodes.Status426UpgradeRequired, "UPGRADE_REQUIRED", "this is a WebSocket; GET /health says whether it is well");
        }

        if (_gate.Refusal(context.Request) is { } refusal) return refusal;
        if (Foreign(context) is { } foreign) return (StatusCodes.Status400BadRequest, PeerProtocol.Unsupported, foreign);
        return Volatile.Read(ref _isClosed) == 1 ? (StatusCodes.Status503ServiceUnavailable, "RUNTIME_STOPPING", "the runtime stops") : null;
    }

    /// <summary>Says what this runtime speaks; why it cannot speak with the peer, or null.</summary>
    private static string? Foreign(HttpContext context)
    {
        context.Response.Headers[PeerProtocol.Header] = PeerProtocol.Ours.ToString();
        string? text = context.Request.Headers.TryGetValue(PeerProtocol.Header, out var said) ? said.ToString() : null;
        if (!PeerProtocol.TryRead(text, out PeerProtocol? protocol)) return $"{PeerProtocol.Header} is no version of the protocol, such as {PeerProtocol.Ours}";
        return protocol.IsUnderstood ? null : protocol.Mismatch("broker");
    }

    private async Task ServeAsync(WebSocket socket, string peer)
    {
        using var line = new WebSocketClientConnection(socket, options.Connections);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string name = connections.Name();
        connections.Add(name, line, ended.Task);
        // A stop that came in between has not seen this one.
        if (Volatile.Read(ref _isClosed) == 1) line.Close(SocketEnd.Stopping);
        debug.Write("connected", ("client", name), ("peer", peer));
        try
        {
            RuntimeConnectionHandlers? handlers = options.ConnectionHandlers;
            SessionNotifier.Guarded(() => handlers?.OnConnect?.Invoke(name));
            var client = new RuntimeClient(name, line, opener, options.TimeProvider);
            SocketEnd end = await line.ConverseAsync(client.Handle).ConfigureAwait(false);
            Task left = client.LeaveAsync();
            if (end.IsFault) SessionNotifier.Guarded(() => handlers?.OnError?.Invoke(name, end.Reason));
            await line.FarewellAsync().ConfigureAwait(false);
            await left.ConfigureAwait(false);
            debug.Write("disconnected", ("client", name), ("reason", end.Reason), ("code", (int?)end.Code));
            SessionNotifier.Guarded(() => handlers?.OnDisconnect?.Invoke(name));
        }
        finally
        {
            connections.Remove(name);
            ended.TrySetResult();
        }
    }

    private static string Peer(HttpContext context) => $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
}
