using Enclave.Diagnostics;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Ledgers;

/// <summary>Lets budgets of a new quota, or of a lost book, begin with the use that the ledger has for their period.</summary>
internal static class LedgerUse
{
    /// <summary>True for a run that a worker began with. The parts of a durable run count as one run.</summary>
    public static bool CountsAsRun(LedgerRow row) => row is { Began: true, IsResumed: false };

    /// <summary>True for a run that a worker began with and that did not succeed. A part of a durable run that waits has not failed.</summary>
    public static bool HasFailed(LedgerRow row) => row.Began && row.Outcome != TelemetryNames.Ok && row.Outcome != ErrorCode.Suspended.ToCode();

    /// <summary>The use of a row.</summary>
    public static RunUse Of(LedgerRow row) =>
        new(CountsAsRun(row), (long)(row.CpuMs * 1000), (long)(row.WallMs * 1000), row.ToolCalls, row.BytesIn + row.BytesOut);

    /// <summary>Fills counters that have not begun.</summary>
    /// <param name="book">The book.</param>
    /// <param name="demands">The demands, with the rules of the book's counters.</param>
    /// <param name="tenant">Its tenant. Ignored for rules of all tenants.</param>
    /// <param name="files">The ledger.</param>
    /// <param name="now">The time.</param>
    public static void Begin(QuotaBook book, IReadOnlyList<QuotaDemand> demands, string? tenant, LedgerFiles files, DateTimeOffset now)
    {
        bool hasBegun = true;
        for (int i = 0; i < demands.Count; i++) hasBegun &= demands[i].Rule.Quota.Kind != QuotaKind.Budget || book.Begun.Contains(demands[i].Rule.Id);
        if (hasBegun) return;
        QuotaRule[] begins = [.. demands.Select((demand) => demand.Rule).Where((rule) => rule.Quota.Kind == QuotaKind.Budget && book.Begun.Add(rule.Id))];
        book.HasBegun = true;
        string first = LedgerFiles.MonthOf(begins.Min((rule) => FirstOf(rule, now)));
        foreach (LedgerRow row in files.RowsFrom(first))
        {
            // A run with a reservation is counted when that ends.
            if (book.Held.ContainsKey(row.Id)) continue;
            foreach (QuotaRule rule in begins)
            {
                bool isOf = rule.Quota.Scope == QuotaScope.All || row.Tenant == tenant;
                if (!isOf || row.Begin < FirstOf(rule, now) || !IsInPeriod(rule, row.Begin, now)) continue;
                var demand = new QuotaDemand(rule, rule.Quota.Scope == QuotaScope.Key ? row.Key ?? "" : "", Of(row).Of(rule.Quota.Of));
                book.Add(demand, row.Begin);
            }
        }
    }

    private static bool IsInPeriod(QuotaRule rule, DateTimeOffset begin, DateTimeOffset now) => rule.Period.Unit == CalendarUnit.None
        || rule.Period.At(begin, rule.Zone).Number == rule.PeriodAt(now).Number;

    /// <summary>No row before this moment counts: two days more than the longest unit, for zones.</summary>
    private static DateTimeOffset FirstOf(QuotaRule rule, DateTimeOffset now) =>
        now - rule.Period.Length - (rule.Period.Unit == CalendarUnit.None ? TimeSpan.Zero : TimeSpan.FromDays(2));
}
