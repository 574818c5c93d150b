namespace Enclave.Streaming;

/// <summary>Numbers that did not come.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The last. Range: <paramref name="Start"/> and above.</param>
public readonly record struct SequenceGap(long Start, long End);
