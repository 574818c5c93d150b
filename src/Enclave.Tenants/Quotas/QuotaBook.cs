using System.Text.Json.Serialization;
using Enclave.Tenants.Policies;

namespace Enclave.Tenants.Quotas;

/// <summary>
/// The counters of one tenant, or those that all tenants share, and the reservations of runs that have not ended. Its owner lets in one caller at a time.
/// </summary>
internal sealed class QuotaBook
{
    /// <summary>Keys come from callers, so counters are bounded. Counters without content make room first.</summary>
    public const int MaxCounters = 10_000;

    /// <summary>The counters by the names of their quotas and keys.</summary>
    public Dictionary<string, QuotaCounter> Counters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The reservations by the ids of their rows in the ledger.</summary>
    public Dictionary<string, HeldQuota[]> Held { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The quotas whose counters began with the use in the ledger.</summary>
    public HashSet<string> Begun { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The number of the last run of each process that this book knows, by the names of the processes. A killed process may have started further runs after it
    /// wrote the book: its journal has them.
    /// </summary>
    public Dictionary<string, long> Known { get; init; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns what this host has of a budget that hosts share, in units, and what all hosts have; null for a quota of this host alone. Null without such
    /// budgets.
    /// </summary>
    [JsonIgnore]
    public Func<QuotaDemand, DateTimeOffset, (long Units, long Taken)?>? SliceOf { get; init; }

    /// <summary>True for a book that its owner has removed.</summary>
    [JsonIgnore]
    public bool IsForgotten { get; set; }

    /// <summary>True after a quota began with the use in the ledger, until the book is written: rows must not be counted twice.</summary>
    [JsonIgnore]
    public bool HasBegun { get; set; }

    /// <summary>True if the book holds nothing that a new book would not hold.</summary>
    [JsonIgnore]
    public bool IsEmpty => Held.Count == 0 && Counters.Values.All((counter) => counter.IsEmpty);

    /// <summary>Lowers the demand of a quota that ends runs to the remainder, if there is one.</summary>
    public QuotaDemand Narrow(in QuotaDemand demand, DateTimeOffset now)
    {
        if (demand.Rule.Quota.Action != QuotaAction.End) return demand;
        long left = LeftOf(demand, now);
        return left > 0 && left < demand.Amount ? demand with { Amount = left } : demand;
    }

    /// <summary>Why a quota has no room; null if it has.</summary>
    public QuotaShortage? Find(in QuotaDemand demand, DateTimeOffset now)
    {
        if (Counters.Count >= MaxCounters && !Counters.ContainsKey(demand.Counter) && !TryForget(now)) return ShortageOf(demand, now);
        return LeftOf(demand, now) < Wanted(demand) ? ShortageOf(demand, now) : null;
    }

    /// <summary>A quota as one without room.</summary>
    public QuotaShortage ShortageOf(in QuotaDemand demand, DateTimeOffset now)
    {
        QuotaCounter counter = Counters.GetValueOrDefault(demand.Counter) ?? new QuotaCounter();
        long used = TotalUsedOf(demand, now), wanted = Wanted(demand);
        return new QuotaShortage(demand.Rule, used, wanted, counter.Room(demand.Rule, wanted, now))
        {
            Key = demand.Key,
            Missing = Math.Max(1, wanted - LeftOf(demand, now)),
        };
    }

    /// <summary>Bytes are known afterwards: there has to be room for one.</summary>
    private static long Wanted(in QuotaDemand demand) => demand.Rule.Quota.Of == QuotaMeasure.Bytes ? 1 : demand.Amount;

    /// <summary>Reserves what a run may use. Returns the reservations; null for none.</summary>
    public HeldQuota[]? Take(string run, IReadOnlyList<QuotaDemand> demands, DateTimeOffset now)
    {
        if (demands.Count == 0) return null;
        var held = new HeldQuota[demands.Count];
        for (int i = 0; i < held.Length; i++)
        {
            QuotaDemand demand = demands[i];
            if (!Counters.TryGetValue(demand.Counter, out QuotaCounter? counter)) Counters[demand.Counter] = counter = new QuotaCounter();
            QuotaRule rule = demand.Rule;
            long place = counter.Add(rule, demand.Amount, now);
            held[i] = new HeldQuota(demand.Counter, rule.Quota.Of, rule.Quota.Kind, place, demand.Amount, rule.Period.Length.Ticks);
        }

        Held.Add(run, held);
        return held;
    }

    /// <summary>Restores the reservations of a run of a killed process, unless this book knows the run.</summary>
    /// <param name="process">The process.</param>
    /// <param name="number">The number of the run. Runs come in the order of their numbers.</param>
    /// <param name="run">The id of its row.</param>
    /// <param name="held">Its reservations.</param>
    public void Restore(string process, long number, string run, HeldQuota[] held)
    {
        if (Known.GetValueOrDefault(process) >= number) return;
        Known[process] = number;
        foreach (HeldQuota one in held)
        {
            if (!Counters.TryGetValue(one.Counter, out QuotaCounter? counter)) Counters[one.Counter] = counter = new QuotaCounter();
            counter.Restore(one);
        }

        Held.TryAdd(run, held);
    }

    /// <summary>Adds the use of a run that ended before the counter began. Counters beyond the bound are left out: their keys begin at zero.</summary>
    public void Add(in QuotaDemand demand, DateTimeOffset begin)
    {
        if (demand.Amount == 0 || (Counters.Count >= MaxCounters && !Counters.ContainsKey(demand.Counter))) return;
        if (!Counters.TryGetValue(demand.Counter, out QuotaCounter? counter)) Counters[demand.Counter] = counter = new QuotaCounter();
        counter.Add(demand.Rule, demand.Amount, begin);
    }

    /// <summary>A run has ended: replaces its reservations by its use. Does nothing if the run has ended before.</summary>
    /// <param name="run">The id of its row.</param>
    /// <param name="use">Its use; null if it is unknown: then the run counts with all that it was allowed to use.</param>
    public void Settle(string run, RunUse? use)
    {
        if (!Held.Remove(run, out HeldQuota[]? held)) return;
        foreach (HeldQuota one in held)
        {
            // A run that reserved no place in a quota of runs was counted there before, so its amount of 0 stays.
            bool isKnown = use is not null && (one.Of != QuotaMeasure.Runs || one.Amount > 0);
            if (Counters.TryGetValue(one.Counter, out QuotaCounter? counter)) counter.Settle(one, isKnown ? use!.Value.Of(one.Of) : one.Amount);
        }
    }

    /// <summary>Quotas that have reached their share to warn from, and have not warned in this period.</summary>
    public IEnumerable<QuotaRule> Warnings(IReadOnlyList<QuotaDemand> demands, DateTimeOffset now)
    {
        foreach (QuotaDemand demand in demands)
        {
            QuotaRule rule = demand.Rule;
            if (rule.WarnFrom == long.MaxValue) continue;
            long period = rule.Period.Unit != CalendarUnit.None ? rule.PeriodAt(now).Number
                : rule.Period.Length > TimeSpan.Zero ? now.UtcTicks / rule.Period.Length.Ticks : 0;
            if (!Counters.TryGetValue(demand.Counter, out QuotaCounter? counter) || counter.Warned == period) continue;
            if (counter.Used(rule, now) < rule.WarnFrom) continue;
            counter.Warned = period;
            yield return rule;
        }
    }

    /// <summary>The use of a quota, in units.</summary>
    public long UsedOf(in QuotaDemand demand, DateTimeOffset now) => Counters.GetValueOrDefault(demand.Counter)?.Used(demand.Rule, now) ?? 0;

    /// <summary>The use of a quota on all hosts that share it, as far as this one knows, in units.</summary>
    public long TotalUsedOf(in QuotaDemand demand, DateTimeOffset now) =>
        UsedOf(demand, now) + (SliceOf?.Invoke(demand, now) is var (units, taken) ? Math.Max(0, taken - units) : 0);

    /// <summary>The use of a counter in one period of the calendar, in units.</summary>
    public long UsedIn(string counter, long period) => Counters.GetValueOrDefault(counter)?.UsedIn(period) ?? 0;

    private long LeftOf(in QuotaDemand demand, DateTimeOffset now) =>
        (SliceOf?.Invoke(demand, now)?.Units ?? (demand.Rule.Quota.Kind == QuotaKind.Rate ? demand.Rule.Burst : demand.Rule.Value)) - UsedOf(demand, now);

    /// <summary>Forgets counters without content. A counter drains only when a run uses its rule, so a counter without a rule stays for a year.</summary>
    private bool TryForget(DateTimeOffset now)
    {
        // A year is the longest period: older use does not count.
        long old = (now - TimeSpan.FromDays(367)).UtcTicks;
        foreach ((string name, QuotaCounter counter) in Counters.ToArray())
        {
            if (counter.IsEmpty || (counter.Open == 0 && counter.Spans.Count == 0 && counter.At < old)) Counters.Remove(name);
        }

        return Counters.Count < MaxCounters;
    }
}
