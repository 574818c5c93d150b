using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.JavaScript;

namespace Enclave.Guard;

/// <summary>Accepted scripts by tenant and by the hash of their text. Drops the least recently used ones first. Bounded in bytes over all tenants.</summary>
/// <remarks>A tenant never finds another tenant's script: the time of an answer would reveal which scripts the other one runs.</remarks>
internal sealed class GuardCache(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Entry> _entries = [];
    private readonly LinkedList<Entry> _used = [];
    private readonly Dictionary<TenantName, Tenant> _tenants = [];
    private long _bytes;

    /// <summary>The number of cached scripts.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public bool TryGet(in Key key, out ValidationResult? verdict)
    {
        lock (_gate)
        {
            verdict = null;
            if (!_entries.TryGetValue(key, out Entry? entry)) return false;
            MoveToFront(_used, entry.InAll);
            MoveToFront(entry.Tenant.Used, entry.OfTenant);
            verdict = entry.Verdict;
            return true;
        }
    }

    public void Add(in Key key, ValidationResult verdict)
    {
        long bytes = verdict.Script!.Bytes + verdict.Issues.Sum((issue) => issue.Bytes);
        // One script must not evict all others.
        if (bytes > capacity / 4) return;
        lock (_gate)
        {
            if (_entries.ContainsKey(key)) return;
            ref Tenant? tenant = ref CollectionsMarshal.GetValueRefOrAddDefault(_tenants, new TenantName(key.Tenant), out _);
            tenant ??= new Tenant();
            var entry = new Entry(key, verdict, bytes, tenant);
            _entries[key] = entry;
            _used.AddFirst(entry.InAll);
            tenant.Used.AddFirst(entry.OfTenant);
            tenant.Bytes += bytes;
            _bytes += bytes;
            // One tenant must not evict all scripts of others: above half of the capacity, a tenant evicts its own.
            while (_bytes > capacity) Forget(tenant.Bytes > capacity / 2 ? tenant.Used.Last!.Value : _used.Last!.Value);
        }
    }

    private static void MoveToFront(LinkedList<Entry> list, LinkedListNode<Entry> node)
    {
        list.Remove(node);
        list.AddFirst(node);
    }

    private void Forget(Entry entry)
    {
        _entries.Remove(entry.Key);
        _used.Remove(entry.InAll);
        entry.Tenant.Used.Remove(entry.OfTenant);
        entry.Tenant.Bytes -= entry.Bytes;
        _bytes -= entry.Bytes;
        if (entry.Tenant.Used.Count == 0) _tenants.Remove(new TenantName(entry.Key.Tenant));
    }

    /// <summary>A tenant's name as a key. Runs without a tenant count as one tenant.</summary>
    private readonly record struct TenantName(string? Name);

    private sealed class Tenant
    {
        public LinkedList<Entry> Used { get; } = [];

        public long Bytes { get; set; }
    }

    private sealed class Entry
    {
        public Entry(in Key key, ValidationResult verdict, long bytes, Tenant tenant)
        {
            (Key, Verdict, Bytes, Tenant) = (key, verdict, bytes, tenant);
            (InAll, OfTenant) = (new LinkedListNode<Entry>(this), new LinkedListNode<Entry>(this));
        }

        public Key Key { get; }

        public ValidationResult Verdict { get; }

        public long Bytes { get; }

        public Tenant Tenant { get; }

        public LinkedListNode<Entry> InAll { get; }

        public LinkedListNode<Entry> OfTenant { get; }
    }

    /// <summary>SHA-256 of a text: an attacker cannot craft a script that is taken for another one.</summary>
    internal readonly record struct Key(UInt128 High, UInt128 Low, object Policy, string? Tenant, SourceLanguage Language)
    {
        public static Key Of(string source, object policy, string? tenant, SourceLanguage language = SourceLanguage.Either)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(source.AsSpan()), hash);
            return new Key(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]), policy, tenant, language);
        }
    }
}
