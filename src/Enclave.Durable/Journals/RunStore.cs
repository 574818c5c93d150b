using Enclave.Diagnostics;
using Enclave.Journals;

namespace Enclave;

/// <summary>Keeps durable runs: their journals, the answers to their waits, and which host has which run (docs/durable-runs.md).</summary>
/// <remarks>A store may serve several hosts. What it keeps is sealed if the host has a key (<see cref="DurableOptions.Keys"/>).</remarks>
public abstract class RunStore : IAsyncDisposable
{
    private protected RunStore()
    {
    }

    /// <summary>How often a host looks for runs that another process made due; null if no other process shares the store.</summary>
    internal abstract TimeSpan? PollInterval { get; }

    /// <summary>A run became due: an answer came, or a host gave the run back.</summary>
    internal event Action<RunKey>? Woken;

    /// <summary>A host of this process wrote entries of a run.</summary>
    internal event Action<RunKey>? Written;

    /// <summary>A store in the memory of this process. Runs do not outlive it.</summary>
    public static RunStore InMemory() => new MemoryRunStore();

    /// <summary>A store in a folder of a local file system, one journal file a run. Several processes may use it at the same time.</summary>
    /// <param name="path">The folder. It is created, for its owner only.</param>
    /// <exception cref="IOException">The folder cannot be created, or its file system does not lock files.</exception>
    public static RunStore InFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderRunStore(path);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Creates a run with its first entries, and takes it. Null if its key has one already.</summary>
    internal abstract ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken);

    /// <summary>The run of this key; null if there is none.</summary>
    internal abstract ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken);

    /// <summary>Takes a run. Null if another host has it.</summary>
    /// <exception cref="JournalException">There is no such run.</exception>
    internal abstract ValueTask<IRunLease?> TakeAsync(RunKey key, TakePurpose purpose, CancellationToken cancellationToken);

    /// <summary>A run with its entries, which another host may be writing. Null if there is none.</summary>
    /// <exception cref="JournalException">There are more bytes, or the store failed.</exception>
    internal abstract ValueTask<(StoredRun Run, Memory<byte> Entries)?> ReadAsync(RunKey key, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Runs that are due, the longest due first. Another host may have some of them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">The most runs to return.</param>
    /// <param name="except">Runs to leave out.</param>
    /// <param name="passed">Tenants to leave out, as <see cref="RunKey.MarkOf"/> has them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal abstract ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, IReadOnlySet<string> passed, CancellationToken cancellationToken);

    /// <summary>The next time after this one at which a run becomes due by itself; null for none.</summary>
    internal abstract ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken);

    /// <summary>The run that waits for this token; null if none does.</summary>
    internal abstract ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken);

    /// <summary>Keeps the sealed answer to a wait, and makes its run due. False if the wait has an answer already, or is over.</summary>
    internal abstract ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken);

    /// <summary>A page of runs, the newest change first. Runs with the same time as the last one are added beyond the limit.</summary>
    internal abstract ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>The runs of a tenant, and their bytes.</summary>
    internal abstract ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>Removes a run that no host has. False if a host has it, if it does not exist, or if the purpose is an ended run and it has not ended.</summary>
    internal abstract ValueTask<bool> DeleteAsync(RunKey key, RemovePurpose purpose, CancellationToken cancellationToken);

    /// <summary>The runs of all tenants by state.</summary>
    internal abstract ValueTask<RunTotals> CountAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lets one run continue whose database was restored, or all of them. Returns their number: 0 where no run is held back.</summary>
    internal virtual ValueTask<int> AcceptAsync(RunKey? key, CancellationToken cancellationToken) => new(0);

    /// <summary>Tells the hosts of this process that a run may be due.</summary>
    internal void Wake(RunKey key) => Woken?.Invoke(key);

    /// <summary>Tells the readers of this process that the run has more entries, or another state.</summary>
    internal void Tell(RunKey key) => Written?.Invoke(key);
}
