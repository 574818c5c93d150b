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
    public sealed class Builder
    {
        private readonly PropertyTable _before;
        private KeyValuePair<string, ScriptValue>[] _entries;
        private Dictionary<string, int>? _index;
        private int _count;
        private bool _isAlike;

        /// <summary>Begins an empty table.</summary>
        /// <param name="capacity">Maximum number expected.</param>
        public Builder(int capacity)
            : this(capacity, Empty)
        {
        }

        /// <summary>
        /// Begins a table that probably has the same names as the table before. As long as the names are equal, adding a property needs no search.
        /// </summary>
        internal Builder(int capacity, PropertyTable before)
        {
            _entries = capacity == 0 ? Empty._entries : new KeyValuePair<string, ScriptValue>[capacity];
            _before = before;
            _isAlike = true;
        }

        /// <summary>The name that the table before had at this place; null if the names differ.</summary>
        internal string? Expected => _isAlike && _count < _before._entries.Length ? _before._entries[_count].Key : null;

        /// <summary>Adds a property, or replaces its value.</summary>
        public void Set(string key, ScriptValue value)
        {
            // Names in the table before are unique. As long as the names equal them, no name occurs twice.
            _isAlike = _isAlike && ReferenceEquals(key, Expected);
            int at = _isAlike ? -1 : Find(key);
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
            if (_isAlike && _count == _before._entries.Length) return new(_entries, _before._index);
            if (_count > LargestScanned) AddIndex();
            return new(_entries, _index);
        }

        private int Find(string key)
        {
            if (_count > LargestScanned) AddIndex();
            return _index is null ? Scan(_entries.AsSpan(0, _count), key) : _index.GetValueOrDefault(key, -1);
        }

        private void AddIndex()
        {
            if (_index is not null) return;
            _index = new(_entries.Length, StringComparer.Ordinal);
            for (int i = 0; i < _count; i++) _index.Add(_entries[i].Key, i);
        }
    }
}
