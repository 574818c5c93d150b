namespace Enclave.Cluster.Tests.Load;

/// <summary>A session that a tenant opens at a time.</summary>
/// <param name="At">From the beginning of the load.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Nonce">What its calls name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Code">The script.</param>
internal sealed record PlannedSession(TimeSpan At, string Tenant, string Nonce, ScriptKind Kind, string Code)
{
    public string Id => $"s_{Nonce}";
}
