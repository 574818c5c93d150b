namespace Enclave.Cluster.Tests.Chaos;

/// <summary>A planned fault.</summary>
/// <param name="At">Time from the beginning of the schedule.</param>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Target">The part, or the link.</param>
/// <param name="Length">How long it lasts; for a restart, how long the part stays down.</param>
/// <param name="Seconds">The step of a clock.</param>
internal sealed record PlannedFault(TimeSpan At, FaultKind Kind, string Target, TimeSpan Length, int Seconds);
