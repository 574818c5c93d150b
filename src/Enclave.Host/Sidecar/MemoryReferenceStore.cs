namespace Enclave;

/// <summary>Stores references' values in this process, up to a capacity.</summary>
public sealed class MemoryReferenceStore : IReferenceStore
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _expiries = new();
    private readonly Lock _gate = new();
    private readonly long _capacity;
    private readonly TimeProvider _clock;
    private readonly long _begun;
    private long _bytes;

    /// <summary>Creates an empty store.</summary>
    /// <param name="capacityBytes">The limit for all values together, in bytes. Above it
    /// <see cref="SetAsync"/> throws. Range: 1 or more. Default: 1 GB.</param>
    /// <param name="timeProvider">The clock for times to live. Default: the system's.</param>
    public MemoryReferenceStore(long capacityBytes = 1L << 30, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, 1);
        _capacity = capacityBytes;
        _clock = timeProvider ?? TimeProvider.System;
        _begun = _clock.GetTimestamp();
    }

    /// <summary>The number of values that have not expired.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Sweep();
                return _entries.Count;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The store is full.</exception>
    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Sweep();
            Forget(key);
            if (_bytes + value.Length > _capacity) throw new InvalidOperationException($"the store of {_capacity} bytes is full");
            long expires = Now() + ttl.Ticks;
            _entries.Add(key, new Entry(value.ToArray(), expires));
            _expiries.Enqueue(key, expires);
            _bytes += value.Length;
            Tidy();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Sweep();
            return new ValueTask<byte[]?>(_entries.TryGetValue(key, out Entry entry) ? entry.Value : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Forget(key);
            Tidy();
        }

        return ValueTask.CompletedTask;
    }

    internal void Remove(IReadOnlyList<string> keys)
    {
        lock (_gate)
        {
            foreach (string key in keys) Forget(key);
            Tidy();
        }
    }

    private void Sweep()
    {
        long now = Now();
        while (_expiries.TryPeek(out string? key, out long expires) && expires <= now)
        {
            _expiries.Dequeue();
            // A key that was set again has another entry in the queue, with its later time.
            if (_entries.TryGetValue(key, out Entry entry) && entry.Expires <= now) Forget(key);
        }
    }

    /// <summary>Ticks since the store was created: no step of the wall clock makes values older or younger.</summary>
    private long Now() => _clock.GetElapsedTime(_begun).Ticks;

    private void Forget(string key)
    {
        if (_entries.Remove(key, out Entry entry)) _bytes -= entry.Value.Length;
    }

    /// <summary>Removed keys stay in the queue until they expire. The queue is rebuilt when most of its keys are removed ones.</summary>
    private void Tidy()
    {
        if (_expiries.Count <= 64 || _expiries.Count <= _entries.Count * 4) return;
        _expiries.Clear();
        _expiries.EnqueueRange(_entries.Select((entry) => (entry.Key, entry.Value.Expires)));
    }

    private readonly record struct Entry(byte[] Value, long Expires);
}
