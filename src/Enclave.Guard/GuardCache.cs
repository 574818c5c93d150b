using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Enclave.Guard;

/// <summary>Accepted scripts by the hash of their text, the least recently used forgotten first. Bounded in bytes.</summary>
internal sealed class GuardCache(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _used = [];
    private long _bytes;

    /// <summary>Scripts kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public bool TryGet(in Key key, out GuardVerdict? verdict)
    {
        lock (_gate)
        {
            verdict = null;
            if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node)) return false;
            _used.Remove(node);
            _used.AddFirst(node);
            verdict = node.Value.Verdict;
            return true;
        }
    }

    public void Add(in Key key, GuardVerdict verdict)
    {
        long bytes = verdict.Script!.Bytes;
        // One script must not push out all others.
        if (bytes > capacity / 4) return;
        lock (_gate)
        {
            if (_entries.ContainsKey(key)) return;
            _entries[key] = _used.AddFirst(new Entry(key, verdict, bytes));
            _bytes += bytes;
            while (_bytes > capacity)
            {
                Entry last = _used.Last!.Value;
                _used.RemoveLast();
                _entries.Remove(last.Key);
                _bytes -= last.Bytes;
            }
        }
    }

    private sealed record Entry(Key Key, GuardVerdict Verdict, long Bytes);

    /// <summary>SHA-256 of a text: no script can be made that is taken for another one.</summary>
    internal readonly record struct Key(UInt128 High, UInt128 Low, object Policy)
    {
        public static Key Of(string source, object policy)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(source.AsSpan()), hash);
            return new Key(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]), policy);
        }
    }
}
