namespace Enclave.Runtime;

/// <summary>Limits on connections.</summary>
public sealed record RuntimeConnectionLimits
{
    /// <summary>
    /// Maximum number of connections of authenticated peers; others are counted separately (docs/runtime.md). Range: 1 to 10,000. Default: 64.
    /// </summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>
    /// Maximum size of a message of a peer, in bytes. A larger one ends the connection with 1009. Range: 1 KB to
    /// 256 MB. Default: 16 MB, three times the largest tool answer (5 MB).
    /// </summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Maximum number of messages of a peer per second. One more ends the connection with 1008. Range: 1 and above. Default: 1000.</summary>
    public int MaxMessagesPerSecond { get; init; } = 1000;

    /// <summary>
    /// Bytes that may wait for a peer that reads slowly. Events wait for room; another message without room ends the connection. A single message may
    /// always wait. Range: 1 KB and above. Default: 16 MB.
    /// </summary>
    public long SendQueueBytes { get; init; } = 16 << 20;

    /// <summary>Longest time for sending 64 KB of a message. Then the connection is closed. Range: above 0. Default: 30 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval between pings of the socket, which detect a dead or half-open connection. Range: above 0. Default: 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);
}
