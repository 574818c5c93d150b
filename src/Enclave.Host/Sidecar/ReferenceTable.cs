using Enclave.Protocol;

namespace Enclave.Sidecar;

/// <summary>The references of one run, and their limits. Another run has another table, in which these ids mean nothing.</summary>
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

    /// <exception cref="ToolException">A limit is exceeded; the code says which.</exception>
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

    /// <summary>Removes an entry that could not be stored.</summary>
    public void Drop(ReferenceEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Remove(entry.Public.Id)) _bytes -= entry.Public.Size;
        }
    }

    /// <exception cref="ToolException">This run has no such reference.</exception>
    public ReferenceEntry Find(ScriptReference reference)
    {
        lock (_gate) return _entries.TryGetValue(reference.Id, out ReferenceEntry? entry) ? entry : throw ReferenceFault.Unknown();
    }

    /// <summary>Lets a value, and the values of references in it, outlive the run.</summary>
    public void Keep(ReferenceEntry entry)
    {
        lock (_gate) entry.IsKept = true;
        foreach (ReferenceEntry nested in entry.Nested) Keep(nested);
    }

    /// <summary>Closes the table. Returns the keys to remove from the store.</summary>
    public IReadOnlyList<string> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. _entries.Values.Where((entry) => !entry.IsKept).Select((entry) => entry.Key)];
        }
    }
}
