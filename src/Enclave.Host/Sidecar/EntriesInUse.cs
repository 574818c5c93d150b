using Enclave.Limits;

namespace Enclave.Sidecar;

/// <summary>The values that one call uses. Until it ends they count as memory of its run. A value that several calls use counts once.</summary>
/// <param name="call">The call's own memory.</param>
internal sealed class EntriesInUse(HeldMemory call) : IDisposable
{
    private readonly HashSet<ReferenceEntry> _entries = [];

    /// <summary>Adds this value, and the values of references in it.</summary>
    /// <exception cref="ToolException">There is no room for one of them.</exception>
    public void Add(ReferenceEntry entry)
    {
        AddAlone(entry);
        foreach (ReferenceEntry nested in entry.Nested) Add(nested);
    }

    /// <summary>Adds this value. References in it stay references.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public void AddAlone(ReferenceEntry entry)
    {
        if (_entries.Contains(entry)) return;
        if (!entry.TryReserve(call)) throw ReferenceFault.NoRoom(entry.Memory);
        _entries.Add(entry);
    }

    public void Dispose()
    {
        foreach (ReferenceEntry entry in _entries) entry.Release();
        _entries.Clear();
    }
}
