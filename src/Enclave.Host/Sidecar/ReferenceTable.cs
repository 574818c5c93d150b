using Enclave.Protocol;

namespace Enclave.Sidecar;

/// <summary>The references of one run, and what they may take. Another run has another table: its ids mean nothing here.</summary>
internal sealed class ReferenceTable(SidecarLimits limits)
{
    private readonly Dictionary<string, ReferenceEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _bytes;
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    /// <exception cref="ToolException">A limit is met; the code says which.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public void Add(ReferenceEntry entry)
    {
        long size = entry.Public.Size;
        if (size > limits.MaxReferenceBytes) throw ReferenceFault.TooLarge(size, limits.MaxReferenceBytes);
        if (entry.Depth > limits.MaxResolutionDepth) throw ReferenceFault.TooDeep(limits.MaxResolutionDepth);
        lock (_gate)
        {
            if (_closed) throw new OperationCanceledException();
            if (_entries.Count >= limits.MaxReferences) throw ReferenceFault.TooMany(limits.MaxReferences);
            if (_bytes + size > limits.MaxTotalBytes) throw ReferenceFault.TotalTooLarge(limits.MaxTotalBytes);
            _entries.Add(entry.Public.Id, entry);
            _bytes += size;
        }
    }

    /// <summary>Takes back what was added and could not be kept.</summary>
    public void Drop(ReferenceEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Remove(entry.Public.Id)) _bytes -= entry.Public.Size;
        }
    }

    /// <exception cref="ToolException">There is none of this id in this run.</exception>
    public ReferenceEntry Find(ScriptReference reference)
    {
        lock (_gate) return _entries.TryGetValue(reference.Id, out ReferenceEntry? entry) ? entry : throw ReferenceFault.Unknown();
    }

    /// <summary>Lets a value, and what lies in it, outlive the run.</summary>
    public void Keep(ReferenceEntry entry)
    {
        lock (_gate) entry.IsKept = true;
        foreach (ReferenceEntry nested in entry.Nested) Keep(nested);
    }

    /// <summary>Nothing is added any more; the keys of what has to go from the store.</summary>
    public IReadOnlyList<string> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. _entries.Values.Where((entry) => !entry.IsKept).Select((entry) => entry.Key)];
        }
    }
}
