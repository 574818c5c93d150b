using Enclave.Linux;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Ledgers;

/// <summary>A ledger in a folder, with the books of quotas beside it. Processes of one machine may share it.</summary>
internal sealed class FolderLedger : IAsyncDisposable
{
    private readonly RowJournal _journal;
    private readonly RowPump _pump;
    private readonly Action<Exception> _failed;

    private FolderLedger(LedgerFiles files, FolderQuotas quotas, Action<Exception> failed)
    {
        (Files, Quotas, _failed) = (files, quotas, failed);
        _journal = new RowJournal(files);
        _pump = new RowPump(WriteAsync, failed);
    }

    public LedgerFiles Files { get; }

    /// <summary>The books.</summary>
    public FolderQuotas Quotas { get; }

    /// <summary>True while too many rows wait for the disk.</summary>
    public bool IsFull => _pump.Waiting >= RowPump.MaxWaiting;

    /// <summary>Opens the ledger of a folder, which is created, and writes the rows of processes that were killed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="failed">Called each time with the reason why rows could not be written.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static async Task<FolderLedger> OpenAsync(string folder, Action<Exception> failed, CancellationToken cancellationToken)
    {
        var files = new LedgerFiles(Path.GetFullPath(folder));
        Create(files.Folder);
        Create(files.Quotas);
        Create(files.Wanted);
        FileLock.Check(files.Folder, static (file) => LoneFile.TryOpen(file, FileMode.OpenOrCreate), "two processes could spend one budget twice");
        var quotas = new FolderQuotas(files, failed);
        try
        {
            await RowJournal.RecoverAsync(files, (process, run) => SettleAsync(quotas, process, run), cancellationToken).ConfigureAwait(false);
            return new FolderLedger(files, quotas, failed);
        }
        catch
        {
            await quotas.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Notes a run that is about to begin, with its reservations, which its books have in memory.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public void Begin(LedgerRow row, QuotaBook? own, HeldQuota[]? ofOwn, QuotaBook? all, HeldQuota[]? ofAll)
    {
        long number = _journal.Begin(row, ofOwn, ofAll);
        if (ofOwn is not null) own!.Known[_journal.Process] = number;
        if (ofAll is not null) all!.Known[_journal.Process] = number;
    }

    /// <summary>A run has ended: its row is in the journal first, then its reservations end, then the row goes to its month.</summary>
    public async ValueTask EndAsync(LedgerRow row, Func<ValueTask> settle)
    {
        try
        {
            _journal.End(row);
        }
        catch (IOException fault)
        {
            // The journal cannot be written, and still has the run as begun. The row is written to its month later, when there is room.
            _failed(fault);
        }

        try
        {
            await settle().ConfigureAwait(false);
        }
        catch
        {
            _journal.Keep(row.Id);
            throw;
        }
        finally
        {
            _pump.Add(row);
        }
    }

    /// <summary>Writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync().ConfigureAwait(false);
        bool isWritten = await Quotas.CloseAsync().ConfigureAwait(false);
        _journal.Close(isNeeded: !isWritten);
    }

    private async ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        await Files.AppendAsync(rows, cancellationToken).ConfigureAwait(false);
        _journal.Written(rows);
        if (!_journal.IsLong) return;
        // The new journal does not have these runs: the books must.
        if (await Quotas.FlushAsync().ConfigureAwait(false)) _journal.Renew();
    }

    /// <summary>Ends the reservations of a run whose process was killed. If its use is unknown, all that it was allowed to use counts.</summary>
    private static async ValueTask SettleAsync(FolderQuotas quotas, string process, LeftRun run)
    {
        if (run.Begun is { Number: > 0, Own: null, All: null }) return;
        await quotas.UseAsync(run.Row.Tenant, withAll: run.Begun is not { Number: > 0, All: null }, (own, all) =>
        {
            if (run.Begun?.Own is { } ofOwn) own.Restore(process, run.Begun.Number, run.Row.Id, ofOwn);
            if (run.Begun?.All is { } ofAll) all!.Restore(process, run.Begun.Number, run.Row.Id, ofAll);
            RunUse? use = run.IsKnown ? LedgerUse.Of(run.Row) : null;
            own.Settle(run.Row.Id, use);
            all?.Settle(run.Row.Id, use);
            return true;
        }, CancellationToken.None).ConfigureAwait(false);
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
