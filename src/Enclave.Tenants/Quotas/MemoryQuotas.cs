namespace Enclave.Tenants.Quotas;

/// <summary>Keeps the books in the memory of this process.</summary>
/// <param name="make">Makes the book of a name; null for a plain one.</param>
internal sealed class MemoryQuotas(Func<string, QuotaBook>? make = null) : QuotaStore
{
    private const int FewBooks = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, QuotaBook> _books = new(StringComparer.Ordinal);
    private readonly QuotaBook _all = make?.Invoke(All) ?? new QuotaBook();
    private int _sweepAt = FewBooks;

    /// <inheritdoc/>
    public override ValueTask<T> UseAsync<T>(string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken)
    {
        if (!withAll) return new(Use(BookOf(tenant), null, use));
        // Always in this order.
        lock (_all) return new(Use(BookOf(tenant), _all, use));
    }

    /// <summary>Uses one book by its name.</summary>
    public ValueTask<T> UseBookAsync<T>(string name, Func<QuotaBook, T> use)
    {
        if (name != All) return new(Use(name, null, (own, _) => use(own)));
        lock (_all) return new(use(_all));
    }

    private T Use<T>(string name, QuotaBook? all, Func<QuotaBook, QuotaBook?, T> use)
    {
        while (true)
        {
            QuotaBook own = Find(name);
            lock (own)
            {
                // A sweep may remove the book after it was found and before it was locked.
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
            return _books[name] = make?.Invoke(name) ?? new QuotaBook();
        }
    }

    /// <summary>
    /// Forgets tenants without a reservation and without a count. A tenant that comes back gets a new book, which is equal to the forgotten one.
    /// </summary>
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
