using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard.Scoring;

/// <summary>Keeps results for a while and drops the least recently used first. Not thread-safe: the gate's lock guards it.</summary>
internal sealed class ScoreCache(int capacity, TimeSpan ttl, TimeProvider clock)
{
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();

    public int Count => _entries.Count;

    public bool TryGet(CacheKey key, [NotNullWhen(true)] out ScoreResult? result)
    {
        result = null;
        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node)) return false;
        _byUse.Remove(node);
        if (clock.GetElapsedTime(node.Value.Added) >= ttl)
        {
            _entries.Remove(key);
            return false;
        }

        _byUse.AddFirst(node);
        result = node.Value.Result;
        return true;
    }

    public void Add(CacheKey key, ScoreResult result)
    {
        if (capacity == 0) return;
        if (_entries.Remove(key, out LinkedListNode<Entry>? old)) _byUse.Remove(old);
        if (_entries.Count == capacity)
        {
            _entries.Remove(_byUse.Last!.Value.Key);
            _byUse.RemoveLast();
        }

        _entries[key] = _byUse.AddFirst(new Entry(key, result, clock.GetTimestamp()));
    }

    private readonly record struct Entry(CacheKey Key, ScoreResult Result, long Added);
}
