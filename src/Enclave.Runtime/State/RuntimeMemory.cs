namespace Enclave.Runtime;

/// <summary>Memory of the runtime's own process, in bytes; that of its workers is not in it.</summary>
/// <param name="HeapUsed">Objects that were alive after the last collection, and those made since.</param>
/// <param name="HeapTotal">What the heap had from the system at the last collection, and at least <paramref name="HeapUsed"/>.</param>
/// <param name="Rss">What of the process is in memory.</param>
public sealed record RuntimeMemory(long HeapUsed, long HeapTotal, long Rss)
{
    internal static RuntimeMemory Read()
    {
        long used = GC.GetTotalMemory(forceFullCollection: false);
        // Before the first collection nothing is committed by the collector's own account.
        return new RuntimeMemory(used, Math.Max(used, GC.GetGCMemoryInfo().TotalCommittedBytes), Environment.WorkingSet);
    }
}
