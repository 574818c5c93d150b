using Enclave.Journals;
using Enclave.Recording;

namespace Enclave;

/// <summary>A place for the recordings of runs (<see cref="KeepRecordings"/>).</summary>
public abstract class RecordingStore
{
    /// <summary>The most bytes of one recording, as of a file that is read.</summary>
    internal const int MaxRecordingBytes = 128 << 20;

    private protected RecordingStore()
    {
    }

    /// <summary>Keeps recordings in this process.</summary>
    public static RecordingStore InMemory() => new MemoryRecordingStore();

    /// <summary>Keeps recordings in files of this folder, which may also hold durable runs. Any number of processes may share it. It is created.</summary>
    public static RecordingStore InFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderRecordingStore(path);
    }

    /// <summary>Keeps a recording, and removes older ones that are beyond the limits.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    internal abstract Task KeepAsync(RunKey run, string? script, DateTimeOffset time, byte[] part, int maxRuns, long maxBytes);

    /// <summary>The runs of a tenant by a saved script, the newest first.</summary>
    /// <param name="tenant">The tenant; null for none.</param>
    /// <param name="script">The name of the script, without a version.</param>
    /// <param name="most">The most runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JournalException">The store failed.</exception>
    internal abstract Task<IReadOnlyList<RunKey>> FindAsync(string? tenant, string script, int most, CancellationToken cancellationToken);

    /// <summary>The newest recording of a run; null if there is none.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    internal abstract Task<byte[]?> ReadAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>The recordings to remove beyond the limits: each time the oldest of the tenant with the most.</summary>
    /// <param name="kept">The recordings, the oldest first.</param>
    /// <param name="tenantOf">The tenant of one.</param>
    /// <param name="bytesOf">The bytes of one.</param>
    /// <param name="maxRuns">The most recordings.</param>
    /// <param name="maxBytes">The most bytes.</param>
    private protected static IEnumerable<T> Surplus<T>(
        IReadOnlyCollection<T> kept, Func<T, string> tenantOf, Func<T, long> bytesOf, int maxRuns, long maxBytes)
    {
        (long runs, long bytes) = (kept.Count, kept.Sum(bytesOf));
        if (runs <= maxRuns && bytes <= maxBytes) yield break;
        var tenants = kept.GroupBy(tenantOf, StringComparer.Ordinal).Select((own) => new Queue<T>(own)).ToList();
        while (runs > maxRuns || bytes > maxBytes)
        {
            Queue<T> most = runs > maxRuns ? tenants.MaxBy((own) => own.Count)! : tenants.MaxBy((own) => own.Sum(bytesOf))!;
            T oldest = most.Dequeue();
            (runs, bytes) = (runs - 1, bytes - bytesOf(oldest));
            yield return oldest;
        }
    }
}
