using Enclave.Pool;

namespace Enclave.Host.Tests;

public sealed class TenantLeasesTests
{
    private readonly TenantLeases _leases = new();

    [Fact]
    public void Leases_are_counted_by_tenant_and_in_all()
    {
        foreach (string tenant in (string[])["a", "b", "a"]) _leases.Add_NeedsLock(tenant);
        _leases.Remove_NeedsLock("b");

        Assert.Equal((2, 2, 0), (_leases.Count, _leases.CountOf("a"), _leases.CountOf("b")));
    }

    [Fact]
    public void A_tenant_that_comes_back_starts_at_none()
    {
        _leases.Add_NeedsLock("a");
        _leases.Remove_NeedsLock("a");
        _leases.Add_NeedsLock("a");

        Assert.Equal((1, 1), (_leases.Count, _leases.CountOf("a")));
    }
}
