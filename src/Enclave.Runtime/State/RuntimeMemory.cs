namespace Enclave.Runtime;

/// <summary>Memory of the runtime's own process in bytes, and of its workers.</summary>
/// <param name="HeapUsed">Objects that survived the last collection, and those allocated since.</param>
/// <param name="HeapTotal">The heap's size at the last collection, and at least <paramref name="HeapUsed"/>.</param>
/// <param name="Rss">Resident memory of the process.</param>
public sealed record RuntimeMemory(long HeapUsed, long HeapTotal, long Rss)
{
    /// <summary>Memory that its workers hold beside the files of the engine, in bytes.</summary>
    public long Workers { get; init; }

    /// <param name="host">The host with the workers; null before the first session.</param>
    internal static RuntimeMemory Read(EnclaveHost? host)
    {
        long used = GC.GetTotalMemory(forceFullCollection: false);
        // Before the first collection the committed size is reported as zero.
        return new RuntimeMemory(used, Math.Max(used, GC.GetGCMemoryInfo().TotalCommittedBytes), Environment.WorkingSet)
        {
            Workers = host?.WorkerBytes ?? 0,
        };
    }
}
