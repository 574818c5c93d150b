namespace Enclave.Streaming;

/// <summary>Something that happened to a connection.</summary>
/// <param name="Kind">What.</param>
/// <param name="State">The state then.</param>
/// <param name="Previous">The state before; the same unless <see cref="ConnectionChangeKind.StateChanged"/>.</param>
/// <param name="Attempt">Which try since it was lost. Range: 0, for none, and above.</param>
/// <param name="Delay">The wait before that try; null unless <see cref="ConnectionChangeKind.RetryScheduled"/>.</param>
/// <param name="Reason">Why it was lost; null unless it was, and somebody said.</param>
public sealed record ConnectionChange(ConnectionChangeKind Kind, ConnectionState State, ConnectionState Previous, int Attempt = 0, TimeSpan? Delay = null, string? Reason = null);
