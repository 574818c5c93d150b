namespace Enclave.Cluster.Tests.Checking;

/// <summary>The time that a session waited for its script to begin, and the longest permitted time.</summary>
/// <param name="Session">The session.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Waited">Time from its opening to the first event of its script, or to its end if it never began.</param>
/// <param name="Bound">The longest permitted time.</param>
/// <param name="IsCalm">True if no fault affected it: then the bound is that of the fair queue alone.</param>
/// <param name="Ahead">Sessions that a fair queue may begin before it.</param>
internal sealed record Wait(string Session, string Tenant, TimeSpan Waited, TimeSpan Bound, bool IsCalm, int Ahead);
