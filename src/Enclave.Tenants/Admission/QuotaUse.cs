namespace Enclave.Tenants;

/// <summary>The use of a quota at one moment, reservations of running runs included.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="Used">The use, in the unit of its measure.</param>
public sealed record QuotaUse(TenantQuota Quota, decimal Used);
