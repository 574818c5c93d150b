using System.Net.WebSockets;

namespace Enclave.Streaming;

/// <summary>How a <see cref="WebSocketChannel"/> connects.</summary>
public sealed record WebSocketChannelOptions
{
    /// <summary>How a lost line is tried again; null for not at all. A first connection that fails is tried again too. Default: 5 times, after 1 s and then twice as long each time, at most 30 s.</summary>
    public ReconnectOptions? Reconnect { get; init; } = new() { Jitter = 0 };

    /// <summary>Longest wait for a connection. Range: above 0. Default: 10 s.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The shared secret, sent as <c>Authorization: Bearer</c>; null for none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Sets what else the socket needs before each connection, for example certificates; null for nothing.</summary>
    public Action<ClientWebSocketOptions>? Configure { get; init; }

    /// <summary>What may wait to be sent, in bytes, while the line is down or the other end reads slowly. Range: above 0. Default: 16 MB.</summary>
    public long MaxHeldBytes { get; init; } = 16 << 20;

    /// <summary>A message that comes, in bytes; a larger one ends the connection with 1009. Range: above 0. Default: 32 MB.</summary>
    public int MaxMessageBytes { get; init; } = 32 << 20;

    /// <summary>The time between two pings that find a dead line. Range: above 0. Default: 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for the answer to such a ping. Range: above 0. Default: 30 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called when the line is up, each time.</summary>
    public Action? OnOpen { get; init; }

    /// <summary>Called when the line is down, each time, with the close code and reason; 1006 when there was none.</summary>
    public Action<int, string>? OnClose { get; init; }

    /// <summary>Called with what went wrong: a connection that failed, a handler that threw.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>Called with each new state.</summary>
    public Action<WebSocketChannelState>? OnStateChange { get; init; }

    /// <summary>The clock of waits between tries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
