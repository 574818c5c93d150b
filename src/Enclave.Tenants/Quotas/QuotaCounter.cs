using System.Text.Json.Serialization;
using Enclave.Tenants.Policies;

namespace Enclave.Tenants.Quotas;

/// <summary>
/// The use of one quota. A reservation counts from the run's begin, with all that the run may use. At the end the run's use replaces it, in the period in which
/// the run began. So the use never exceeds the value at any moment.
/// </summary>
internal sealed class QuotaCounter
{
    /// <summary>
    /// Periods of the calendar that are kept. So a clock that is set back, or a zone that goes back over midnight, finds the earlier period unchanged.
    /// </summary>
    private const int MaxPeriods = 4;

    /// <summary>
    /// The number of parts in which a rolling period is counted. A part counts until its last moment is outside of the period: room may come late by one part,
    /// never early.
    /// </summary>
    private const int Parts = 64;

    /// <summary>The use in each period or part, by its number.</summary>
    public List<Span> Spans { get; set; } = [];

    /// <summary>The amount that a bucket lacks, in units times the ticks of its period. It drains by the value in each tick.</summary>
    public Int128 Debt { get; set; }

    /// <summary>The moment of <see cref="Debt"/>, in ticks.</summary>
    public long At { get; set; }

    /// <summary>Runs at this moment.</summary>
    public long Open { get; set; }

    /// <summary>The period in which it last warned; null if it never did.</summary>
    public long? Warned { get; set; }

    /// <summary>The use of the quota at this moment, in units.</summary>
    public long Used(QuotaRule rule, DateTimeOffset now)
    {
        switch (rule.Quota.Kind)
        {
            case QuotaKind.Concurrency:
                return Open;
            case QuotaKind.Rate:
                Drain(rule, now);
                return (long)((Debt + rule.Period.Length.Ticks - 1) / rule.Period.Length.Ticks);
            case QuotaKind.Budget when rule.Period.Unit != CalendarUnit.None:
                long number = rule.PeriodAt(now).Number;
                return Spans.FirstOrDefault((span) => span.Number == number).Used;
            default:
                Forget(rule, now);
                return Spans.Sum((span) => span.Used);
        }
    }

    /// <summary>The use in one period of the calendar, in units.</summary>
    public long UsedIn(long period) => Spans.FirstOrDefault((span) => span.Number == period).Used;

    /// <summary>When there will be room for an amount; null if that is unknown, or never. Call it only if there is no room now.</summary>
    public DateTimeOffset? Room(QuotaRule rule, long amount, DateTimeOffset now)
    {
        switch (rule.Quota.Kind)
        {
            case QuotaKind.Concurrency:
                return null;
            case QuotaKind.Rate:
                Int128 over = Debt + ((Int128)amount * rule.Period.Length.Ticks) - ((Int128)rule.Burst * rule.Period.Length.Ticks);
                return amount > rule.Burst ? null : now.AddTicks((long)Int128.Min((over + rule.Value - 1) / rule.Value, TimeSpan.FromDays(3660).Ticks));
            case QuotaKind.Budget when rule.Period.Unit != CalendarUnit.None:
                return amount > rule.Value ? null : rule.PeriodAt(now).End;
            default:
                if (amount > rule.Value) return null;
                long left = rule.Value - Spans.Sum((span) => span.Used);
                foreach (Span span in Spans.OrderBy((span) => span.Number))
                {
                    left += span.Used;
                    if (left >= amount) return new DateTimeOffset((span.Number + 1) * PartOf(rule), TimeSpan.Zero) + rule.Period.Length;
                }

                return null;
        }
    }

    /// <summary>Adds an amount. Returns the period or part in which it counts.</summary>
    public long Add(QuotaRule rule, long amount, DateTimeOffset now)
    {
        switch (rule.Quota.Kind)
        {
            case QuotaKind.Concurrency:
                Open += amount;
                return 0;
            case QuotaKind.Rate:
                Drain(rule, now);
                Debt += (Int128)amount * rule.Period.Length.Ticks;
                return 0;
            default:
                long number = rule.Period.Unit == CalendarUnit.None ? now.UtcTicks / PartOf(rule) : rule.PeriodAt(now).Number;
                Change(number, amount);
                // Remove the oldest other period: it has certainly ended, even if the clock was set back.
                if (rule.Period.Unit != CalendarUnit.None && Spans.Count > MaxPeriods) Spans.RemoveAt(Spans[0].Number == number ? 1 : 0);
                return number;
        }
    }

    /// <summary>Replaces a reservation by the use.</summary>
    /// <param name="held">The reservation.</param>
    /// <param name="used">The use of the run, in units.</param>
    public void Settle(in HeldQuota held, long used)
    {
        switch (held.Kind)
        {
            case QuotaKind.Concurrency:
                Open = Math.Max(0, Open - held.Amount);
                break;
            // A rate counts attempts, also refused ones, so that a caller with refused scripts is slowed down as well.
            case QuotaKind.Rate:
                long more = (held.Of == QuotaMeasure.Runs ? held.Amount : used) - held.Amount;
                Debt = Int128.Max(0, Debt + ((Int128)more * held.Ticks));
                break;
            default:
                long place = held.Place;
                // A period that has left counts nowhere.
                if (Spans.Exists((span) => span.Number == place)) Change(place, used - held.Amount);
                break;
        }
    }

    /// <summary>Counts a reservation again that its process did not write.</summary>
    public void Restore(in HeldQuota held)
    {
        if (held.Kind == QuotaKind.Concurrency) Open += held.Amount;
        else if (held.Kind == QuotaKind.Rate) Debt += (Int128)held.Amount * held.Ticks;
        else Change(held.Place, held.Amount);
    }

    /// <summary>True if the counter holds nothing that a new counter would not hold.</summary>
    [JsonIgnore]
    public bool IsEmpty => Spans.All((span) => span.Used == 0) && Debt == 0 && Open == 0;

    private void Change(long number, long by)
    {
        int index = Spans.FindIndex((span) => span.Number == number);
        if (index >= 0) Spans[index] = Spans[index] with { Used = Math.Max(0, Spans[index].Used + by) };
        else Spans.Add(new Span(number, by));
    }

    private void Drain(QuotaRule rule, DateTimeOffset now)
    {
        // A clock that was set back adds nothing: the bucket fills again from that time.
        long passed = Math.Max(0, now.UtcTicks - At);
        Debt = Int128.Max(0, Debt - ((Int128)passed * rule.Value));
        At = now.UtcTicks;
    }

    private void Forget(QuotaRule rule, DateTimeOffset now)
    {
        long part = PartOf(rule), current = now.UtcTicks / part;
        Spans.RemoveAll((span) => ((span.Number + 1) * part) + rule.Period.Length.Ticks <= now.UtcTicks);
        // After the clock was set back, use that lies in the future counts from now. Otherwise it would count longer, by the time that the clock was ahead.
        long ahead = Spans.Where((span) => span.Number > current).Sum((span) => span.Used);
        if (Spans.RemoveAll((span) => span.Number > current) > 0) Change(current, ahead);
    }

    private static long PartOf(QuotaRule rule) => Math.Max(1, rule.Period.Length.Ticks / Parts);

    /// <summary>The use in a period or part.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Used">The use, in units.</param>
    internal readonly record struct Span(long Number, long Used);
}
