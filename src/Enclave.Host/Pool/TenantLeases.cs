namespace Enclave.Pool;

/// <summary>The number of leased workers, in all and by tenant. Every member needs the pool's lock.</summary>
internal sealed class TenantLeases
{
    private readonly Dictionary<string, int> _byTenant = new(StringComparer.Ordinal);

    /// <summary>Leased workers of all tenants.</summary>
    public int Count { get; private set; }

    /// <summary>Leased workers of this tenant.</summary>
    public int CountOf(string tenant) => _byTenant.GetValueOrDefault(tenant);

    public void Add_NeedsLock(string tenant)
    {
        Count++;
        _byTenant[tenant] = CountOf(tenant) + 1;
    }

    public void Remove_NeedsLock(string tenant)
    {
        Count--;
        int left = _byTenant[tenant] - 1;
        // Tenants come and go, and only those with workers are kept.
        if (left == 0) _byTenant.Remove(tenant);
        else _byTenant[tenant] = left;
    }
}
