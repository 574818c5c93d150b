namespace Enclave.Tenants;

/// <summary>A tenant at one moment.</summary>
/// <param name="Tenant">Its name; null for runs without a tenant.</param>
/// <param name="Policy">The policy that judges its next run; null if it has none and unknown tenants are refused.</param>
/// <param name="PolicyVersion">The version of that policy.</param>
/// <param name="Running">Its runs on this host, those in the queue of workers included.</param>
/// <param name="Waiting">Its runs that wait at the gate of this host.</param>
/// <param name="Quotas">Its quotas with their use. Quotas of keys are left out.</param>
public sealed record TenantStatus(
    string? Tenant, TenantPolicy? Policy, string? PolicyVersion, int Running, int Waiting, IReadOnlyList<QuotaUse> Quotas);
