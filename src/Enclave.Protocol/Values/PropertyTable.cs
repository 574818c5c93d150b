using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Enclave.Protocol.Values;

/// <summary>The properties of an object: ordered and unique. Every name is data, also <c>__proto__</c>.</summary>
public sealed class PropertyTable
{
    // Up to this size, scanning the entries is as fast as hashing and needs no index.
    private const int LargestScanned = 8;

    /// <summary>The table without properties.</summary>
    public static readonly PropertyTable Empty = new([], null);

    private readonly KeyValuePair<string, ScriptValue>[] _entries;
    private readonly Dictionary<string, int>? _index;

    private PropertyTable(KeyValuePair<string, ScriptValue>[] entries, Dictionary<string, int>? index)
    {
        _entries = entries;
        _index = index;
    }

    internal int Count => _entries.Length;

    internal ImmutableArray<KeyValuePair<string, ScriptValue>> Entries => ImmutableCollectionsMarshal.AsImmutableArray(_entries);

    /// <summary>The value of a key; null if there is none.</summary>
    public ScriptValue? Find(string key)
    {
        int at = _index is null ? Scan(_entries, key) : _index.GetValueOrDefault(key, -1);
        return at < 0 ? null : _entries[at].Value;
    }

    private static int Scan(ReadOnlySpan<KeyValuePair<string, ScriptValue>> entries, string key)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Key == key) return i;
        }

        return -1;
    }

    /// <summary>Collects properties. For a repeated key the last value wins, at the position of the first, as in JavaScript.</summary>
    /// <param name="capacity">Maximum number expected.</param>
    public sealed class Builder(int capacity)
    {
        private KeyValuePair<string, ScriptValue>[] _entries = new KeyValuePair<string, ScriptValue>[capacity];
        private Dictionary<string, int>? _index;
        private int _count;

        /// <summary>Adds a property, or replaces its value.</summary>
        public void Set(string key, ScriptValue value)
        {
            int at = Find(key);
            if (at < 0)
            {
                if (_count == _entries.Length) Array.Resize(ref _entries, Math.Max(4, _count * 2));
                at = _count++;
                _index?.Add(key, at);
            }

            _entries[at] = new(key, value);
        }

        /// <summary>Returns the table. The builder must not be used afterwards.</summary>
        public PropertyTable Build()
        {
            if (_count == 0) return Empty;
            if (_count < _entries.Length) Array.Resize(ref _entries, _count);
            return new(_entries, _index);
        }

        private int Find(string key)
        {
            if (_index is null && _count > LargestScanned)
            {
                _index = new(_entries.Length, StringComparer.Ordinal);
                for (int i = 0; i < _count; i++) _index.Add(_entries[i].Key, i);
            }

            return _index is null ? Scan(_entries.AsSpan(0, _count), key) : _index.GetValueOrDefault(key, -1);
        }
    }
}
