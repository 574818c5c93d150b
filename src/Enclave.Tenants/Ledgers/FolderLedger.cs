using Enclave.Linux;

namespace Enclave.Tenants.Ledgers;

/// <summary>A ledger in a folder. Processes of one machine may share it.</summary>
internal sealed class FolderLedger : IAsyncDisposable
{
    private readonly RowJournal _journal;
    private readonly RowPump _pump;

    private FolderLedger(LedgerFiles files, Action<Exception> failed)
    {
        Files = files;
        _journal = new RowJournal(files);
        _pump = new RowPump(WriteAsync, failed);
    }

    public LedgerFiles Files { get; }

    /// <summary>True while too many rows wait for the disk.</summary>
    public bool IsFull => _pump.Waiting >= RowPump.MaxWaiting;

    /// <summary>Opens the ledger of a folder, which is created, and writes the rows of processes that were killed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settle">Gets each of those rows, and whether its use is known.</param>
    /// <param name="failed">Called each time with the reason why rows could not be written.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static async Task<FolderLedger> OpenAsync(
        string folder, Func<LedgerFiles, LedgerRow, bool, ValueTask> settle, Action<Exception> failed, CancellationToken cancellationToken)
    {
        var files = new LedgerFiles(Path.GetFullPath(folder));
        Create(files.Folder);
        Create(files.Quotas);
        FileLock.Check(files.Folder, static (file) => LoneFile.TryOpen(file, FileMode.OpenOrCreate), "two processes could spend one budget twice");
        await RowJournal.RecoverAsync(files, (row, isKnown) => settle(files, row, isKnown), cancellationToken).ConfigureAwait(false);
        return new FolderLedger(files, failed);
    }

    /// <inheritdoc cref="RowJournal.Begin"/>
    public void Begin(LedgerRow row) => _journal.Begin(row);

    /// <inheritdoc cref="RowJournal.Forget"/>
    public void Forget(string id) => _journal.Forget(id);

    /// <summary>A run has ended: its row is in the journal first, then its reservations end, then the row goes to its month.</summary>
    public async ValueTask EndAsync(LedgerRow row, Func<ValueTask> settle)
    {
        try
        {
            _journal.End(row);
            await settle().ConfigureAwait(false);
        }
        finally
        {
            // A journal that takes no line any more has the run as begun. The row reaches its month all the same, as soon as there is room.
            _pump.Add(row);
        }
    }

    /// <summary>Writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync().ConfigureAwait(false);
        _journal.Dispose();
    }

    private async ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        await Files.AppendAsync(rows, cancellationToken).ConfigureAwait(false);
        _journal.Written(rows.Count);
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
