using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>
/// The journal of this process. A run is in it before it begins. So whoever finds the journal of a process that was killed knows each of its runs
/// (<see cref="RecoverAsync"/>), and each run has one row.
/// </summary>
internal sealed class RowJournal : IDisposable
{
    /// <summary>The outcome of a run whose process was killed.</summary>
    public const string Lost = "LOST";

    private const long MaxBytes = 4 << 20;

    private readonly LedgerFiles _files;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LedgerRow> _open = new(StringComparer.Ordinal);
    private string _path;
    private SafeFileHandle _file;
    private long _end;
    private int _unwritten;

    public RowJournal(LedgerFiles files)
    {
        _files = files;
        (_path, _file) = Create();
    }

    /// <summary>Notes a run that is about to begin.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public void Begin(LedgerRow row)
    {
        lock (_gate)
        {
            Write_NeedsLock(new JournalLine { Begun = row });
            _open.Add(row.Id, row);
        }
    }

    /// <summary>Takes a run back that has not begun after all.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            if (_open.Remove(id)) Write_NeedsLock(new JournalLine { Gone = id });
        }
    }

    /// <summary>Notes the row of a run that has ended.</summary>
    public void End(LedgerRow row)
    {
        lock (_gate)
        {
            if (!_open.Remove(row.Id)) throw new InvalidOperationException($"the run of the row {row.Id} has ended before");
            _unwritten++;
            Write_NeedsLock(new JournalLine { Ended = row });
        }
    }

    /// <summary>Rows that ended stand in their months now. A long journal begins anew, with the runs that have not ended.</summary>
    public void Written(int rows)
    {
        lock (_gate)
        {
            _unwritten -= rows;
            if (_end < MaxBytes || _unwritten > 0) return;
            (string path, SafeFileHandle file) = Create();
            (string oldPath, SafeFileHandle old) = (_path, _file);
            (_path, _file, _end) = (path, file, 0);
            // Until the old one is gone both have these runs, and their rows are looked for by their ids.
            foreach (LedgerRow row in _open.Values) Write_NeedsLock(new JournalLine { Begun = row });
            old.Dispose();
            File.Delete(oldPath);
        }
    }

    /// <summary>Closes the journal. It is removed if nothing in it is needed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_file.IsClosed) return;
            _file.Dispose();
            if (_open.Count == 0 && _unwritten == 0) File.Delete(_path);
        }
    }

    /// <summary>Writes the rows of processes that were killed. Calls back with each, so that its reservations end.</summary>
    /// <param name="files">The ledger.</param>
    /// <param name="settle">Gets each row, and whether its use is known.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    public static async Task RecoverAsync(LedgerFiles files, Func<LedgerRow, bool, ValueTask> settle, CancellationToken cancellationToken)
    {
        foreach (string path in files.Journals())
        {
            // A process that lives holds its journal.
            using SafeFileHandle? alone = LoneFile.TryOpen(path, FileMode.Open);
            if (alone is null) continue;
            (List<LedgerRow> ended, List<LedgerRow> lost) = Read(LedgerFiles.Lines(alone), File.GetLastWriteTimeUtc(path));
            await files.AppendMissingAsync([.. ended, .. lost], cancellationToken).ConfigureAwait(false);
            foreach (LedgerRow row in ended) await settle(row, true).ConfigureAwait(false);
            foreach (LedgerRow row in lost) await settle(row, false).ConfigureAwait(false);
            File.Delete(path);
        }
    }

    /// <summary>The rows of a journal: of runs that ended, and of those that had not when its process ended.</summary>
    public static (List<LedgerRow> Ended, List<LedgerRow> Lost) Read(IEnumerable<byte[]> lines, DateTimeOffset last)
    {
        var open = new Dictionary<string, LedgerRow>(StringComparer.Ordinal);
        var ended = new Dictionary<string, LedgerRow>(StringComparer.Ordinal);
        foreach (JournalLine? line in lines.Select((line) => JournalLine.Read(line)))
        {
            if (line?.Begun is { } begun) open.TryAdd(begun.Id, begun);
            if (line?.Gone is { } gone) open.Remove(gone);
            if (line?.Ended is not { } row) continue;
            open.Remove(row.Id);
            ended.TryAdd(row.Id, row);
        }

        return ([.. ended.Values], [.. open.Values.Select((row) => row with { End = last, Outcome = Lost })]);
    }

    private (string Path, SafeFileHandle File) Create()
    {
        string path = _files.NewJournal();
        // Shared with readers, not with those who look for what a killed process left.
        return (path, LoneFile.Open(path, FileMode.CreateNew, FileShare.Read));
    }

    /// <summary>One write of the system: it is there when this process is killed a moment later.</summary>
    private void Write_NeedsLock(JournalLine line)
    {
        byte[] bytes = line.ToUtf8();
        RandomAccess.Write(_file, bytes, _end);
        _end += bytes.Length;
    }
}
