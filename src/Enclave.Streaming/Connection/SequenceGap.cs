namespace Enclave.Streaming;

/// <summary>A range of missing event numbers.</summary>
/// <param name="Start">The first missing number.</param>
/// <param name="End">The last missing number. Range: <paramref name="Start"/> and above.</param>
public readonly record struct SequenceGap(long Start, long End);
