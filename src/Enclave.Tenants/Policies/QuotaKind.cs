namespace Enclave.Tenants;

/// <summary>How a quota counts.</summary>
public enum QuotaKind
{
    /// <summary>At most a value in a period: of the calendar (<c>day</c>, <c>month</c>), or in any stretch of this length (<c>24h</c>).</summary>
    Budget,

    /// <summary>A bucket that fills with the value in a period, and holds <see cref="TenantQuota.Burst"/>.</summary>
    Rate,

    /// <summary>At most a value at the same time. Only for runs.</summary>
    Concurrency,
}
