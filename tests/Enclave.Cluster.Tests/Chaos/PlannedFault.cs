namespace Enclave.Cluster.Tests.Chaos;

/// <summary>A fault that is to come.</summary>
/// <param name="At">From the beginning of the chaos.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">The part, or the link.</param>
/// <param name="Length">How long it is in force; of a restart, how long the part stays down.</param>
/// <param name="Seconds">By how much a clock is stepped.</param>
internal sealed record PlannedFault(TimeSpan At, FaultKind Kind, string Target, TimeSpan Length, int Seconds);
