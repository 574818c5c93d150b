using System.Collections.Concurrent;

namespace Enclave.Sidecar.Tests;

/// <summary>A store that records the keys that were set.</summary>
internal sealed class WatchedStore(IReferenceStore store) : IReferenceStore
{
    public ConcurrentQueue<string> Keys { get; } = new();

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        Keys.Enqueue(key);
        return store.SetAsync(key, value, ttl, cancellationToken);
    }

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => store.GetAsync(key, cancellationToken);

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => store.RemoveAsync(key, cancellationToken);
}
