using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard;

/// <summary>A cache of fixed size. Drops the least recently used values first. Not thread-safe.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _used = [];

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        value = null;
        if (!_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node)) return false;
        _used.Remove(node);
        _used.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds a value under a key that is not in the cache.</summary>
    public void Add(TKey key, TValue value)
    {
        if (_nodes.Count == capacity)
        {
            _nodes.Remove(_used.Last!.Value.Key);
            _used.RemoveLast();
        }

        _nodes.Add(key, _used.AddFirst((key, value)));
    }
}
