namespace Enclave.Cluster.Tests.Checking;

/// <summary>How long a session waited for its script to begin, and how long it may.</summary>
/// <param name="Session">Which.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Waited">From its opening to the first event of its script; of one that never began, to its end.</param>
/// <param name="Bound">How long it may.</param>
/// <param name="IsCalm">Whether no fault touched it: then the bound is that of the fair queue alone.</param>
/// <param name="Ahead">Sessions that a fair queue may begin before it.</param>
internal sealed record Wait(string Session, string Tenant, TimeSpan Waited, TimeSpan Bound, bool IsCalm, int Ahead);
