namespace Enclave.Journals;

/// <summary>One wait of a run.</summary>
/// <param name="Call">The number of the call that waits.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name of the signal or the tool; empty for a moment.</param>
/// <param name="Token">The token that answers it; empty if only time does.</param>
/// <param name="Until">When it ends by itself; null for never.</param>
internal sealed record StoredWait(uint Call, WaitKind Kind, string Name, string Token, DateTimeOffset? Until);
