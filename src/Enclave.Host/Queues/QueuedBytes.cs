using System.Runtime.InteropServices;

namespace Enclave.Queues;

/// <summary>Counts the memory of the entries of a queue. Entries with the same content, such as one cached script, count it once.</summary>
internal sealed class QueuedBytes
{
    /// <summary>The most bytes that the entries of a queue hold together. Tenants without an entry in the queue may fill it to twice this size.</summary>
    public const long Most = 256L << 20;

    private readonly Dictionary<object, int> _uses = new(ReferenceEqualityComparer.Instance);
    private long _held;

    /// <summary>True if this entry fits beside the waiting ones. An entry alone always fits.</summary>
    public bool HasRoomFor(IQueued entry, long most)
    {
        long bytes = entry.OwnBytes + (entry.Content is { } content && !_uses.ContainsKey(content) ? entry.ContentBytes : 0);
        return _held == 0 || _held + bytes <= most;
    }

    public void Add(IQueued entry)
    {
        _held += entry.OwnBytes;
        if (entry.Content is not { } content) return;
        ref int uses = ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, content, out _);
        if (uses++ == 0) _held += entry.ContentBytes;
    }

    public void Remove(IQueued entry)
    {
        _held -= entry.OwnBytes;
        if (entry.Content is not { } content) return;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_uses, content) > 0) return;
        _uses.Remove(content);
        _held -= entry.ContentBytes;
    }
}
