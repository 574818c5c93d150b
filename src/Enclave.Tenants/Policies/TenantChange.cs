namespace Enclave.Tenants;

/// <summary>A change of a tenant's policy, for the operator's audit.</summary>
/// <param name="Time">When it began to hold.</param>
/// <param name="Tenant">The tenant; null for the default policy.</param>
/// <param name="By">The person or program that changed it; for a file its name, for configuration <c>configuration</c>.</param>
/// <param name="From">The policy before; null if there was none.</param>
/// <param name="To">The policy from now on; null if there is none of its own any more.</param>
public sealed record TenantChange(DateTimeOffset Time, string? Tenant, string By, TenantPolicy? From, TenantPolicy? To);
