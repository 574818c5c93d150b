namespace Enclave;

/// <summary>Which durable runs to list.</summary>
public sealed record RunQuery
{
    /// <summary>The tenant of the runs; null for runs without one, unless <see cref="AllTenants"/> is set.</summary>
    public string? Tenant { get; init; }

    /// <summary>True for the runs of all tenants. For operators only. Default: false.</summary>
    public bool AllTenants { get; init; }

    /// <summary>Only runs in this state. Default: null, all.</summary>
    public DurableRunState? State { get; init; }

    /// <summary>Only runs that changed before this time: the <see cref="DurableRun.Changed"/> of the last run of the page before. Default: null, all.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>
    /// Most runs of a page. A page also has the runs that changed in the same millisecond as its last, so that <see cref="Before"/> leaves out none. Range: 1
    /// to 1,000. Default: 100.
    /// </summary>
    public int Limit { get; init; } = 100;

    /// <summary>Only runs whose names begin with this text. Default: empty, all.</summary>
    internal string NamePrefix { get; init; } = "";

    internal bool Matches(Journals.StoredRun run) => (AllTenants || run.Key.Tenant == Tenant) && (State is null || run.State == State)
        && (Before is null || run.Changed < Before) && run.Key.Name.StartsWith(NamePrefix, StringComparison.Ordinal);

    /// <summary>The page that these runs, newest change first, begin with.</summary>
    internal IEnumerable<T> PageOf<T>(IEnumerable<T> runs, Func<T, DateTimeOffset> changed)
    {
        int count = 0;
        DateTimeOffset last = default;
        return runs.TakeWhile((run) =>
        {
            if (count++ >= Limit && changed(run) != last) return false;
            last = changed(run);
            return true;
        });
    }
}
