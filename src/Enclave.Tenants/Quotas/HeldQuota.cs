namespace Enclave.Tenants.Quotas;

/// <summary>A reservation of one quota for one run.</summary>
/// <param name="Counter">The counter in its book.</param>
/// <param name="Of">The measure.</param>
/// <param name="Kind">The kind of the quota.</param>
/// <param name="Place">The period or part in which it counts.</param>
/// <param name="Amount">The amount that is reserved, in units.</param>
/// <param name="Ticks">Of a rate the ticks of its period.</param>
internal readonly record struct HeldQuota(string Counter, QuotaMeasure Of, QuotaKind Kind, long Place, long Amount, long Ticks);
