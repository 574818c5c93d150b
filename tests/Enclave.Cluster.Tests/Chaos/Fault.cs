namespace Enclave.Cluster.Tests.Chaos;

/// <summary>A fault that was.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">The part, or the link.</param>
/// <param name="From">When it was asked for, in microseconds since 1970.</param>
/// <param name="To">When all was as before, as far as the control port can say.</param>
internal sealed record Fault(FaultKind Kind, string Target, long From, long To);
