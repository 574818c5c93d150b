namespace Enclave;

/// <summary>At most this many calls in any window of this length.</summary>
/// <param name="Calls">Range: 1 to 100,000.</param>
/// <param name="Window">Range: 1 ms to 24 h.</param>
public sealed record ToolRateLimit(int Calls, TimeSpan Window);
