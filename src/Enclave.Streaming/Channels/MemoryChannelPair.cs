namespace Enclave.Streaming;

/// <summary>Two ends of one line: what one sends, the other gets.</summary>
/// <param name="Client">The broker's end.</param>
/// <param name="Server">The runtime's end.</param>
public sealed record MemoryChannelPair(MemoryChannel Client, MemoryChannel Server);
