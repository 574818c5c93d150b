namespace Enclave.Runtime;

/// <summary>What connections may cost the runtime.</summary>
public sealed record RuntimeConnectionLimits
{
    /// <summary>
    /// Connections at a time of peers that have shown the secret; others are counted apart (docs/runtime.md). Range: 1 to 10,000. Default: 64.
    /// </summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>A message of a peer, in bytes; a larger one ends the connection with 1009. Range: 1 KB to 256 MB. Default: 16 MB, which holds the largest tool answer (5 MB) twice.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Messages of a peer in one second; one more ends the connection with 1008. Range: 1 and above. Default: 1000.</summary>
    public int MaxMessagesPerSecond { get; init; } = 1000;

    /// <summary>
    /// Bytes that may wait for a peer that reads slowly. Events wait for room, another message without room ends the connection. One message alone always
    /// may. Range: 1 KB and above. Default: 16 MB.
    /// </summary>
    public long SendQueueBytes { get; init; } = 16 << 20;

    /// <summary>Longest time for one message to go out; a peer that takes longer is cut off. Range: above 0. Default: 30 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time between two pings of the socket, which find a dead or half-open connection. Range: above 0. Default: 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);
}
