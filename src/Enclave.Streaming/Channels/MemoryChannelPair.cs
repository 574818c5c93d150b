namespace Enclave.Streaming;

/// <summary>Two connected ends: each receives the other's messages.</summary>
/// <param name="Client">The broker's end.</param>
/// <param name="Server">The runtime's end.</param>
public sealed record MemoryChannelPair(MemoryChannel Client, MemoryChannel Server);
