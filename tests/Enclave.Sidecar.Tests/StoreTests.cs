using Enclave.Sidecar.Tests.Servers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Enclave.Sidecar.Tests;

/// <summary>The contract with the default store.</summary>
public sealed class MemoryStoreTests : ReferenceStoreTests
{
    protected override IReferenceStore Store { get; } = new MemoryReferenceStore();

    [Fact]
    public async Task A_full_store_refuses_and_has_room_again()
    {
        var store = new MemoryReferenceStore(capacityBytes: 100);
        await store.SetAsync("a", new byte[60], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.SetAsync("b", new byte[41], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await store.SetAsync("a", new byte[100], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await store.RemoveAsync("a", TestContext.Current.CancellationToken);
        await store.SetAsync("b", new byte[100], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(1, store.Count);
    }
}

/// <summary>The contract with the framework's own cache.</summary>
public sealed class MemoryCacheStoreTests : ReferenceStoreTests
{
    protected override IReferenceStore Store { get; } = new DistributedCacheReferenceStore(
        new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())));
}

/// <summary>The contract with a real Redis.</summary>
public sealed class RedisStoreTests(RedisServer server) : ReferenceStoreTests, IClassFixture<RedisServer>
{
    protected override IReferenceStore Store => new DistributedCacheReferenceStore(server.Cache());
}

/// <summary>The contract with a real PostgreSQL.</summary>
public sealed class PostgresStoreTests(PostgresServer server) : ReferenceStoreTests, IClassFixture<PostgresServer>
{
    protected override IReferenceStore Store => new DistributedCacheReferenceStore(server.Cache());
}
