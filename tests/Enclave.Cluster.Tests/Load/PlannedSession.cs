namespace Enclave.Cluster.Tests.Load;

/// <summary>A session that a tenant opens at a planned time.</summary>
/// <param name="At">Time from the beginning of the load.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Nonce">The nonce in its calls.</param>
/// <param name="Kind">The kind of script.</param>
/// <param name="Code">The script.</param>
internal sealed record PlannedSession(TimeSpan At, string Tenant, string Nonce, ScriptKind Kind, string Code)
{
    public string Id => $"s_{Nonce}";
}
