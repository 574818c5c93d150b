using Microsoft.Extensions.Caching.Distributed;

namespace Enclave;

/// <summary>Stores references' values in any <see cref="IDistributedCache"/>: Redis, SQL, or another cache of the application.</summary>
/// <remarks>The cache's own limit for one value must be at least <see cref="SidecarOptions.MaxReferenceBytes"/>. A larger value fails its tool call.</remarks>
public sealed class DistributedCacheReferenceStore : IReferenceStore
{
    private readonly IDistributedCache _cache;
    private readonly string _prefix;

    /// <summary>Creates a store in this cache.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="prefix">The prefix of each key, so that the cache can serve others as well. Default: <c>enclave:</c>.</param>
    public DistributedCacheReferenceStore(IDistributedCache cache, string prefix = "enclave:")
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(prefix);
        (_cache, _prefix) = (cache, prefix);
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        await _cache.SetAsync(_prefix + key, value.ToArray(), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = ttl },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        return await _cache.GetAsync(_prefix + key, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        await _cache.RemoveAsync(_prefix + key, cancellationToken).ConfigureAwait(false);
    }
}
