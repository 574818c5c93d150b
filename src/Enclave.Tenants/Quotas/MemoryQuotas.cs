namespace Enclave.Tenants.Quotas;

/// <summary>Keeps the books in the memory of this process.</summary>
internal sealed class MemoryQuotas : QuotaStore
{
    private const int FewBooks = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, QuotaBook> _books = new(StringComparer.Ordinal);
    private readonly QuotaBook _all = new();
    private int _sweepAt = FewBooks;

    /// <inheritdoc/>
    public override ValueTask<T> UseAsync<T>(string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken)
    {
        if (!withAll) return new(Use(tenant, null, use));
        // Always in this order.
        lock (_all) return new(Use(tenant, _all, use));
    }

    private T Use<T>(string? tenant, QuotaBook? all, Func<QuotaBook, QuotaBook?, T> use)
    {
        string name = BookOf(tenant);
        while (true)
        {
            QuotaBook own = Find(name);
            lock (own)
            {
                // A sweep got it between its finding and its lock.
                if (!own.IsForgotten) return use(own, all);
            }
        }
    }

    private QuotaBook Find(string name)
    {
        lock (_gate)
        {
            if (_books.TryGetValue(name, out QuotaBook? book)) return book;
            if (_books.Count >= _sweepAt) Sweep_NeedsLock();
            return _books[name] = new QuotaBook();
        }
    }

    /// <summary>Forgets tenants without a reservation and without a count. A tenant that comes back gets a new book, which says the same.</summary>
    private void Sweep_NeedsLock()
    {
        foreach ((string name, QuotaBook book) in _books.ToArray())
        {
            lock (book)
            {
                if (!book.IsEmpty) continue;
                book.IsForgotten = true;
                _books.Remove(name);
            }
        }

        _sweepAt = Math.Max(FewBooks, 2 * _books.Count);
    }
}
