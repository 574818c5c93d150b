using System.Net.WebSockets;

namespace Enclave.Streaming;

/// <summary>How a <see cref="WebSocketChannel"/> connects.</summary>
public sealed record WebSocketChannelOptions
{
    /// <summary>
    /// How to reconnect; null for not at all. Also used if the first connection fails. Default: 5
    /// attempts, after 1 s and then twice as long each time, at most 30 s.
    /// </summary>
    public ReconnectOptions? Reconnect { get; init; } = new() { Jitter = 0 };

    /// <summary>Longest wait for a connection. Range: above 0. Default: 10 s.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The shared secret, sent as <c>Authorization: Bearer</c>; null for none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Sets further options of the socket before each connection, for example certificates; null for none.</summary>
    public Action<ClientWebSocketOptions>? Configure { get; init; }

    /// <summary>Bytes of messages that may wait while the connection is down or the other end reads slowly. Range: above 0. Default: 16 MB.</summary>
    public long MaxHeldBytes { get; init; } = 16 << 20;

    /// <summary>Maximum size of a received message in bytes. A larger one ends the connection with 1009. Range: above 0. Default: 32 MB.</summary>
    public int MaxMessageBytes { get; init; } = 32 << 20;

    /// <summary>The interval between pings, which detect a dead connection. Range: above 0. Default: 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for the answer to a ping. Range: above 0. Default: 30 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called each time the connection is up.</summary>
    public Action? OnOpen { get; init; }

    /// <summary>Called each time the connection is down, with the close code and reason; 1006 if there was none.</summary>
    public Action<int, string>? OnClose { get; init; }

    /// <summary>Called with faults: a failed connection, a handler's exception.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>Called with each new state.</summary>
    public Action<WebSocketChannelState>? OnStateChange { get; init; }

    /// <summary>The clock of waits between attempts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
