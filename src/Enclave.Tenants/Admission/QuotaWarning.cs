namespace Enclave.Tenants;

/// <summary>A quota has reached <see cref="TenantQuota.WarnAt"/>. There is one warning in each period.</summary>
/// <param name="Tenant">The tenant; null for none.</param>
/// <param name="Quota">The quota.</param>
public sealed record QuotaWarning(string? Tenant, TenantQuota Quota);
