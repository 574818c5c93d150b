using Enclave.Tenants.Ledgers;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Admission;

/// <summary>Reserves what a run may use before it begins, and writes what it used when it has ended: in the quotas, and in the ledger.</summary>
/// <param name="quotas">The books.</param>
/// <param name="ledger">The ledger in a folder; null for none.</param>
/// <param name="sink">Takes rows for a sink of the application; null for none.</param>
/// <param name="metrics">Counts runs by tenant; null for no such figures.</param>
/// <param name="clock">The clock. It does not follow a step of the wall clock at once.</param>
/// <param name="watch">Receives the events for operators.</param>
internal sealed class RunAccounts(QuotaStore quotas, FolderLedger? ledger, RowPump? sink, TenantMetrics? metrics, TimeProvider clock, TenantWatch watch)
{
    private readonly string _prefix = Guid.NewGuid().ToString("n")[12..];
    private long _rows;

    /// <summary>Reserves.</summary>
    public async ValueTask<Reservation> ReserveAsync(JudgedPolicy judged, GateRun run, CancellationToken cancellationToken)
    {
        if (ledger is { IsFull: true } || sink?.Waiting >= RowPump.MaxWaiting)
            return new Reservation(null, null, Hindrance.For(TenantTexts.NoLedger($"{RowPump.MaxWaiting} rows wait")));
        // A run that neither a ledger, a metric nor a quota counts has no row.
        if (ledger is null && sink is null && metrics is null && run.Demands.Count == 0) return new Reservation(run, null, null);
        LedgerRow row = RowOf(judged, run);
        try
        {
            if (run.Demands.Count == 0)
            {
                ledger?.Begin(row, null, null, null, null);
                return new Reservation(run, row, null);
            }

            (GateRun? Run, QuotaShortage? Shortage) taken = await TakeAsync(row, run, cancellationToken).ConfigureAwait(false);
            if (taken.Shortage is not { } shortage) return new Reservation(taken.Run, row, null);
            ExecutionError error = TenantTexts.Quota(run.Options.Tenant, shortage, clock.GetUtcNow());
            return new Reservation(null, null, new Hindrance(error, shortage.Rule.Quota.Action == QuotaAction.Wait));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            watch.LedgerFailed(fault);
            return new Reservation(null, null, Hindrance.For(TenantTexts.NoLedger(fault.Message)));
        }
    }

    /// <summary>Why quotas would refuse a run at this moment; null if they would not, or let it wait.</summary>
    public ExecutionError? Peek(JudgedPolicy judged, GateRun run)
    {
        // A shortage of this host may not be one of all hosts: a refusal comes when the run begins.
        if (judged.Rules.Count == 0 || quotas.IsShared) return null;
        DateTimeOffset now = clock.GetUtcNow();
        try
        {
            ValueTask<QuotaShortage?> look = quotas.UseAsync(
                run.Options.Tenant, NeedsAll(run.Demands), (own, all) => FindIn(own, all, run, narrows: true, now).Shortage, CancellationToken.None);
            // Books in memory answer at once. Books in files may be in use: then a refusal comes when the run begins.
            if (!look.IsCompletedSuccessfully || look.Result is not { } shortage) return null;
            return shortage.Rule.Quota.Action == QuotaAction.Wait ? null : TenantTexts.Quota(run.Options.Tenant, shortage, now);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return TenantTexts.NoLedger(fault.Message);
        }
    }

    /// <summary>A run has ended.</summary>
    public async ValueTask SettleAsync(Reservation reserved, string outcome, ExecutionStats stats, TimeSpan waited)
    {
        if (reserved.Row is null) return;
        LedgerRow row = reserved.Row with
        {
            End = clock.GetUtcNow(),
            Outcome = outcome,
            Began = stats.WorkerId > 0,
            CpuMs = stats.KernelCpuTime.TotalMilliseconds,
            WallMs = stats.Duration.TotalMilliseconds,
            QueueMs = (waited + stats.QueueWait).TotalMilliseconds,
            PeakMemoryBytes = stats.PeakMemoryBytes,
            ToolCalls = stats.ToolCallCount,
            BytesIn = stats.BytesIn,
            BytesOut = stats.BytesOut,
        };
        try
        {
            if (ledger is null) await SettleAsync(reserved.Run!, row).ConfigureAwait(false);
            else await ledger.EndAsync(row, () => SettleAsync(reserved.Run!, row)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The run has ended, and its caller gets its result. Its reservation stays until the ledger is opened again.
            watch.LedgerFailed(fault);
        }

        sink?.Add(row);
        metrics?.Ended(row);
    }

    /// <summary>Returns the use of each quota of a tenant at this moment. Quotas of keys are left out: each key has its own.</summary>
    public ValueTask<IReadOnlyList<QuotaUse>> UseOfAsync(string? tenant, JudgedPolicy judged, CancellationToken cancellationToken)
    {
        QuotaDemand[] demands = [.. judged.Rules.Where((rule) => rule.Quota.Scope != QuotaScope.Key).Select((rule) => new QuotaDemand(rule, "", 0))];
        if (demands.Length == 0) return new([]);
        DateTimeOffset now = clock.GetUtcNow();
        return quotas.UseAsync<IReadOnlyList<QuotaUse>>(tenant, NeedsAll(demands), (own, all) =>
        {
            Begin(own, all, demands, tenant, now);
            return
            [
                .. demands.Select((demand) => new QuotaUse(
                    demand.Rule.Quota, demand.Rule.Shown((demand.Rule.Quota.Scope == QuotaScope.All ? all! : own).TotalUsedOf(demand, now)))),
            ];
        }, cancellationToken);
    }

    /// <summary>The remainder of each quota for a run, in the unit of its measure. The run's own reservation counts as remaining.</summary>
    public ValueTask<IReadOnlyDictionary<string, double>> LeftOfAsync(Reservation reserved, CancellationToken cancellationToken)
    {
        GateRun run = reserved.Run!;
        DateTimeOffset now = clock.GetUtcNow();
        return quotas.UseAsync<IReadOnlyDictionary<string, double>>(run.Options.Tenant, NeedsAll(run.Demands), (own, all) =>
        {
            var left = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (QuotaDemand demand in run.Demands)
            {
                QuotaRule rule = demand.Rule;
                long most = rule.Quota.Kind == QuotaKind.Rate ? rule.Burst : rule.Value;
                long mine = rule.Quota.Of == QuotaMeasure.Runs ? 0 : demand.Amount;
                long units = most - ((rule.Quota.Scope == QuotaScope.All ? all! : own).TotalUsedOf(demand, now) - mine);
                left[rule.Quota.Name ?? rule.Text] = (double)rule.Shown(Math.Max(0, units));
            }

            return left;
        }, cancellationToken);
    }

    private async ValueTask SettleAsync(GateRun run, LedgerRow row)
    {
        if (run.Demands.Count == 0) return;
        QuotaRule[] warnings = await quotas.UseAsync(run.Options.Tenant, NeedsAll(run.Demands), (own, all) =>
        {
            own.Settle(row.Id, LedgerUse.Of(row));
            all?.Settle(row.Id, LedgerUse.Of(row));
            DateTimeOffset now = clock.GetUtcNow();
            if (!run.MayWarn) return [];
            IEnumerable<QuotaRule> found = own.Warnings(Of(run.Demands, isAll: false), now);
            return (QuotaRule[])(all is null ? [.. found] : [.. found, .. all.Warnings(Of(run.Demands, isAll: true), now)]);
        }, CancellationToken.None).ConfigureAwait(false);
        foreach (QuotaRule rule in warnings) watch.Warned(run.Options.Tenant, rule);
    }

    /// <summary>Takes from the books, and asks for more of budgets that hosts share.</summary>
    private async ValueTask<(GateRun? Run, QuotaShortage? Shortage)> TakeAsync(LedgerRow row, GateRun run, CancellationToken cancellationToken)
    {
        // A run gets the rest of a budget only when no host has more.
        bool narrows = !quotas.IsShared;
        // Each request grows one quota, and other runs may take the new units before this one. So the number of requests is bounded.
        for (int questions = 2 * run.Demands.Count; ; questions--)
        {
            (GateRun? Run, QuotaShortage? Shortage) taken = await quotas.UseAsync(
                run.Options.Tenant, NeedsAll(run.Demands), (own, all) => Take(own, all, row, run, narrows), cancellationToken).ConfigureAwait(false);
            if (taken.Shortage is not { } shortage) return taken;
            bool hasGrown = questions > 0
                && await quotas.GrowAsync(run.Options.Tenant, shortage, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            if (hasGrown && shortage.Rule.Quota.Action != QuotaAction.End) continue;
            if (!hasGrown && (narrows || !run.MayBeEnded)) return taken;
            narrows = true;
        }
    }

    private (GateRun? Run, QuotaShortage? Shortage) Take(QuotaBook own, QuotaBook? all, LedgerRow row, GateRun run, bool narrows)
    {
        DateTimeOffset now = clock.GetUtcNow();
        (GateRun found, QuotaShortage? shortage) = FindIn(own, all, run, narrows, now);
        if (shortage is not null) return (null, shortage);
        HeldQuota[]? ofOwn = own.Take(row.Id, Of(found.Demands, isAll: false), now);
        HeldQuota[]? ofAll = all?.Take(row.Id, Of(found.Demands, isAll: true), now);
        try
        {
            // Write the journal before the books, so that a run of a process that is killed after the reservation is found.
            ledger?.Begin(row, own, ofOwn, all, ofAll);
            return (found, null);
        }
        catch
        {
            own.Settle(row.Id, new RunUse());
            all?.Settle(row.Id, new RunUse());
            throw;
        }
    }

    /// <summary>The run, narrowed to the remainder if its quotas allow that, or the quota without room.</summary>
    private (GateRun Run, QuotaShortage? Shortage) FindIn(QuotaBook own, QuotaBook? all, GateRun run, bool narrows, DateTimeOffset now)
    {
        Begin(own, all, run.Demands, run.Options.Tenant, now);
        GateRun narrowed = run;
        if (run.MayBeEnded && narrows)
        {
            QuotaDemand[] left = [.. run.Demands.Select((demand) => (demand.Rule.Quota.Scope == QuotaScope.All ? all! : own).Narrow(demand, now))];
            if (!left.SequenceEqual(run.Demands)) narrowed = run.With(left);
        }

        for (int i = 0; i < narrowed.Demands.Count; i++)
        {
            QuotaDemand demand = narrowed.Demands[i];
            QuotaBook book = demand.Rule.Quota.Scope == QuotaScope.All ? all! : own;
            if (book.Find(demand, now) is { } shortage) return (run, shortage);
            if (!GateRun.IsEnough(demand)) return (run, book.ShortageOf(demand, now));
        }

        return (narrowed, null);
    }

    private void Begin(QuotaBook own, QuotaBook? all, IReadOnlyList<QuotaDemand> demands, string? tenant, DateTimeOffset now)
    {
        if (ledger is null) return;
        LedgerUse.Begin(own, Of(demands, isAll: false), tenant, ledger.Files, now);
        if (all is not null) LedgerUse.Begin(all, Of(demands, isAll: true), null, ledger.Files, now);
    }

    /// <summary>20 random digits of this process, and a number.</summary>
    private string NewId() => $"{_prefix}{Interlocked.Increment(ref _rows):x12}";

    private LedgerRow RowOf(JudgedPolicy judged, GateRun run) => new()
    {
        Id = NewId(),
        RunId = run.Options.RunId!,
        Tenant = run.Options.Tenant,
        Key = run.Options.Key,
        PolicyVersion = judged.Version,
        Script = run.Options.SourceName ?? RunOptions.DefaultSourceName,
        Durable = run.Options.Durable,
        IsResumed = run.IsResumed,
        Begin = clock.GetUtcNow(),
    };

    private static bool NeedsAll(IReadOnlyList<QuotaDemand> demands)
    {
        foreach (QuotaDemand demand in demands)
        {
            if (demand.Rule.Quota.Scope == QuotaScope.All) return true;
        }

        return false;
    }

    private static IReadOnlyList<QuotaDemand> Of(IReadOnlyList<QuotaDemand> demands, bool isAll) => NeedsAll(demands)
        ? [.. demands.Where((demand) => demand.Rule.Quota.Scope == QuotaScope.All == isAll)]
        : isAll ? [] : demands;
}
