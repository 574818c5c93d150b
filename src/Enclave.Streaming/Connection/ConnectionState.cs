namespace Enclave.Streaming;

/// <summary>What a connection does.</summary>
public enum ConnectionState
{
    /// <summary>It was not asked for yet.</summary>
    Disconnected,

    /// <summary>It is being made.</summary>
    Connecting,

    /// <summary>It is there.</summary>
    Connected,

    /// <summary>It was lost, and waits for the next try.</summary>
    Reconnecting,

    /// <summary>It was lost, and is not tried again unless somebody asks for it.</summary>
    Failed,

    /// <summary>It was ended from here, for good.</summary>
    Closed,
}
