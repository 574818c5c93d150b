namespace Enclave.Tenants;

/// <summary>The most that a run of a tenant may have. A lower limit of the host or the run stays.</summary>
public sealed record TenantLimits : LimitOptions;
