namespace Enclave.Streaming;

/// <summary>Where a <see cref="WebSocketChannel"/> stands.</summary>
public enum WebSocketChannelState
{
    /// <summary>It was not told to connect yet, or was lost and will not try again.</summary>
    Disconnected,

    /// <summary>It connects for the first time.</summary>
    Connecting,

    /// <summary>The line is up.</summary>
    Connected,

    /// <summary>The line was lost, or not to be had; it will be tried again.</summary>
    Reconnecting,

    /// <summary>It was closed here.</summary>
    Closed,
}
