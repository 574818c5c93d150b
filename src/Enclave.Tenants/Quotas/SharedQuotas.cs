using System.Collections.Concurrent;

namespace Enclave.Tenants.Quotas;

// Slices. Hosts that share a store take slices of a budget of the calendar, and reserve from their slices in memory: a run costs no round trip. A slice is a
// hundredth of the value, at most a sixteenth of what is left, at least what the run needs: so slices shrink as the budget is used up. A host gives back what
// it has not used after two seconds without a run, and when it stops. All slices together are never more than the value: no host overspends. Units that are
// lost with a killed host, or held by an idle host for a moment, are not available to others.

/// <summary>Keeps the books in memory, and the budgets of the calendar in slices of those that all hosts share.</summary>
internal sealed class SharedQuotas : QuotaStore, IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1), s_idle = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<BudgetKey, Slices> _slices = new();
    private readonly MemoryQuotas _books;
    private readonly IBudgetStore _store;
    private readonly bool _staysOpen;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private int _isLooking;

    /// <param name="store">The store of all hosts.</param>
    /// <param name="staysOpen">True to admit runs while the store is unavailable: then budgets may be overspent.</param>
    /// <param name="clock">The clock.</param>
    public SharedQuotas(IBudgetStore store, bool staysOpen, TimeProvider clock)
    {
        (_store, _staysOpen, _clock) = (store, staysOpen, clock);
        _books = new MemoryQuotas((name) => new QuotaBook { SliceOf = (demand, now) => SliceOf(name, demand, now) });
        _timer = clock.CreateTimer((_) => _ = LookAsync(), null, s_look, s_look);
    }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override ValueTask<T> UseAsync<T>(
        string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken) =>
        _books.UseAsync(tenant, withAll, use, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<bool> GrowAsync(string? tenant, QuotaShortage shortage, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!IsSliced(shortage.Rule)) return false;
        bool isOfAll = shortage.Rule.Quota.Scope == QuotaScope.All;
        var demand = new QuotaDemand(shortage.Rule, shortage.Key, shortage.Wanted);
        BudgetKey key = KeyOf(isOfAll ? All : BookOf(tenant), demand, now);
        Slices slices = _slices.GetOrAdd(key, static (_) => new Slices());
        long least = shortage.Rule.Quota.Action == QuotaAction.End ? 1 : shortage.Missing;
        long slice, taken;
        try
        {
            (slice, taken) = await _store.TakeAsync(key, shortage.Rule.Value, least, shortage.Missing, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (_staysOpen)
        {
            (slice, taken) = (shortage.Missing, slices.Taken);
        }

        // Changed in the book's turn, like every read of the slices.
        await UseAsync(tenant, isOfAll, (_, _) =>
        {
            // The slices may have been removed meanwhile, because they had no units left.
            Slices current = _slices.GetOrAdd(key, slices);
            current.Units += slice;
            current.Taken = taken;
            return true;
        }, cancellationToken).ConfigureAwait(false);
        return slice > 0;
    }

    /// <summary>Gives back what is not used.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach ((BudgetKey key, Slices slices) in _slices.ToArray()) await GiveBackAsync(key, slices).ConfigureAwait(false);
    }

    private static bool IsSliced(Policies.QuotaRule rule) =>
        rule.Quota.Kind == QuotaKind.Budget && rule.Period.Unit != Policies.CalendarUnit.None;

    private static BudgetKey KeyOf(string book, in QuotaDemand demand, DateTimeOffset now) => new(book, demand.Counter, demand.Rule.PeriodAt(now).Number);

    private (long Units, long Taken)? SliceOf(string book, in QuotaDemand demand, DateTimeOffset now)
    {
        if (!IsSliced(demand.Rule)) return null;
        if (!_slices.TryGetValue(KeyOf(book, demand, now), out Slices? slices)) return (0, 0);
        slices.Used = _clock.GetTimestamp();
        return (slices.Units, slices.Taken);
    }

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0) return;
        try
        {
            foreach ((BudgetKey key, Slices slices) in _slices.ToArray())
            {
                if (_clock.GetElapsedTime(Volatile.Read(ref slices.Used)) < s_idle) continue;
                await GiveBackAsync(key, slices).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async ValueTask GiveBackAsync(BudgetKey key, Slices slices)
    {
        long unused = await _books.UseBookAsync(key.Book, (book) =>
        {
            long rest = slices.Units - book.UsedIn(key.Counter, key.Period);
            if (rest <= 0) return 0;
            slices.Units -= rest;
            slices.Taken -= rest;
            if (slices.Units == 0) _slices.TryRemove(key, out _);
            return rest;
        }).ConfigureAwait(false);
        if (unused == 0) return;
        try
        {
            await _store.GiveBackAsync(key, unused, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The store may have got the units. If this host used them again, they could be spent twice.
        }
    }

    /// <summary>The slices of one budget that this host has. Read and changed in the turn of the book.</summary>
    private sealed class Slices
    {
        /// <summary>When the budget was last used.</summary>
        public long Used;

        public long Units { get; set; }

        /// <summary>The units that all hosts have taken, as far as this host knows.</summary>
        public long Taken { get; set; }
    }
}
