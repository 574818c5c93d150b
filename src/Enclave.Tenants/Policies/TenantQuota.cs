namespace Enclave.Tenants;

/// <summary>One quota of a policy (docs/tenants.md).</summary>
public sealed record TenantQuota
{
    /// <summary>The measure that it counts.</summary>
    public required QuotaMeasure Of { get; init; }

    /// <summary>How the quota counts.</summary>
    public required QuotaKind Kind { get; init; }

    /// <summary>The most, in the unit of its measure. Range: 0 to 1,000,000,000,000.</summary>
    public required decimal Value { get; init; }

    /// <summary>
    /// The period: <c>minute</c>, <c>hour</c>, <c>day</c>, <c>week</c> (from Monday), <c>month</c> or <c>year</c> of the calendar, or a stretch of time as
    /// <c>30s</c>, <c>24h</c> or <c>30d</c>. Range: 1 s to 366 d. Required for budgets and rates, not for concurrency.
    /// </summary>
    public string? Per { get; init; }

    /// <summary>The content of the full bucket of a rate. Default: null, <see cref="Value"/>.</summary>
    public decimal? Burst { get; init; }

    /// <summary>The time zone of days, weeks, months and years, as <c>Europe/Zurich</c>. Minutes and hours are those of UTC. Default: <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Whose runs share it. Default: <see cref="QuotaScope.Tenant"/>.</summary>
    public QuotaScope Scope { get; init; }

    /// <summary>The fate of a run for which it has no room. Default: <see cref="QuotaAction.Refuse"/>.</summary>
    public QuotaAction Action { get; init; }

    /// <summary>The share of the value from which it warns, once in a period. Range: above 0, to 1. Default: null, never.</summary>
    public double? WarnAt { get; init; }

    /// <summary>A name, for quotas of one policy that differ only in their value. Default: none.</summary>
    public string? Name { get; init; }
}
