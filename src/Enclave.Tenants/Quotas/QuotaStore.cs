namespace Enclave.Tenants.Quotas;

/// <summary>Keeps the books, and lets in one at a time to each.</summary>
internal abstract class QuotaStore
{
    /// <summary>The book that all tenants share.</summary>
    protected const string All = "all";

    /// <summary>True if other hosts use the same budgets, and a shortage here may end with a question to them.</summary>
    public virtual bool IsShared => false;

    /// <summary>Gets more of a budget for this host. Returns false if there is none, or the quota is of this host alone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="shortage">The quota without room.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The budgets cannot be reached.</exception>
    public virtual ValueTask<bool> GrowAsync(string? tenant, QuotaShortage shortage, DateTimeOffset now, CancellationToken cancellationToken) => new(false);

    /// <summary>Uses the book of a tenant, and the one of all tenants if it is needed.</summary>
    /// <param name="tenant">The tenant; null for runs without one.</param>
    /// <param name="withAll">True for both books; otherwise the second one is null.</param>
    /// <param name="use">Reads or changes the books. Called once.</param>
    /// <param name="cancellationToken">Ends the wait for the books.</param>
    /// <exception cref="IOException">The books cannot be read or written.</exception>
    public abstract ValueTask<T> UseAsync<T>(string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken);

    /// <summary>The name of a tenant's book. No tenant has that of all.</summary>
    protected static string BookOf(string? tenant) => tenant is null ? "none" : $"tenant {tenant}";
}
