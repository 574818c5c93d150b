namespace Enclave.Cluster.Tests.Chaos;

/// <summary>A fault that was caused.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Target">The part, or the link.</param>
/// <param name="From">When it was requested, in microseconds since 1970.</param>
/// <param name="To">When everything worked again, according to the control port.</param>
internal sealed record Fault(FaultKind Kind, string Target, long From, long To);
