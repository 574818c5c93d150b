using System.Globalization;

namespace Enclave.Tenants.Policies;

/// <summary>A quota as it is counted: in whole units, runs and calls one by one, times in microseconds.</summary>
internal sealed class QuotaRule
{
    private const long Microseconds = 1_000_000;

    /// <param name="quota">The quota, which is checked.</param>
    public QuotaRule(TenantQuota quota)
    {
        Quota = quota;
        Unit = quota.Of is QuotaMeasure.CpuSeconds or QuotaMeasure.WorkerSeconds ? Microseconds : 1;
        Value = Units(quota.Value);
        Burst = quota.Burst is { } burst ? Units(burst) : Value;
        Period = quota.Per is { } per && QuotaPeriod.TryRead(per, out QuotaPeriod read) ? read : default;
        Zone = TimeZoneInfo.FindSystemTimeZoneById(quota.TimeZone);
        WarnFrom = quota.WarnAt is { } share ? (long)Math.Ceiling(Value * share) : long.MaxValue;
        // The value is not part of the id, so that a quota that is raised or lowered keeps its count.
        Id = string.Join('/', new[]
        {
            Name(quota.Of), Name(quota.Kind), quota.Per ?? "", Period.Unit == CalendarUnit.None ? "" : quota.TimeZone, Name(quota.Scope), quota.Name ?? "",
        });
    }

    private PeriodMinute? _last;

    public TenantQuota Quota { get; }

    /// <summary>Names its counter.</summary>
    public string Id { get; }

    /// <summary>Units of one of its measure: a second has a million.</summary>
    public long Unit { get; }

    /// <summary>The most, in units.</summary>
    public long Value { get; }

    /// <summary>The content of its full bucket, in units.</summary>
    public long Burst { get; }

    public QuotaPeriod Period { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>The use from which the quota warns, in units.</summary>
    public long WarnFrom { get; }

    /// <summary>Its text in messages: <c>2 runs per day</c>.</summary>
    public string Text => Quota.Kind == QuotaKind.Concurrency
        ? $"{Amount(Value)} runs at once"
        : $"{Amount(Value)} {Quota.Of switch
        {
            QuotaMeasure.Runs => "runs",
            QuotaMeasure.CpuSeconds => "s of CPU time",
            QuotaMeasure.WorkerSeconds => "s on workers",
            QuotaMeasure.ToolCalls => "tool calls",
            _ => "bytes",
        }} per {Quota.Per}";

    /// <inheritdoc cref="QuotaPeriod.At"/>
    public (long Number, DateTimeOffset End) PeriodAt(DateTimeOffset now)
    {
        // Zones change their offset at whole minutes, so one minute lies in one period.
        long minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        PeriodMinute? last = _last;
        if (last?.Minute != minute) _last = last = new PeriodMinute(minute, Period.At(now, Zone));
        return last.Period;
    }

    /// <summary>An amount in units as a number of its measure.</summary>
    public decimal Shown(long units) => (decimal)units / Unit;

    /// <summary>The name of an enumeration's member as in the file.</summary>
    public static string Name<T>(T member)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.ToString());

    private sealed record PeriodMinute(long Minute, (long Number, DateTimeOffset End) Period);

    private string Amount(long units) => Shown(units).ToString("0.######", CultureInfo.InvariantCulture);

    private long Units(decimal value) => (long)Math.Min(Math.Floor(value * Unit), long.MaxValue / 4);
}
