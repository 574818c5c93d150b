namespace Enclave.Tenants;

/// <summary>The most that a run of a tenant may have. What the host or the run sets lower stays lower.</summary>
public sealed record TenantLimits : LimitOptions;
