namespace Enclave.Streaming;

/// <summary>The state of a <see cref="WebSocketChannel"/>.</summary>
public enum WebSocketChannelState
{
    /// <summary>Not connected yet, or lost without further attempts.</summary>
    Disconnected,

    /// <summary>It connects for the first time.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>Lost, or the attempt failed; it will be tried again.</summary>
    Reconnecting,

    /// <summary>Closed by this end.</summary>
    Closed,
}
