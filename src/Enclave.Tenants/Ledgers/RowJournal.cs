using System.Buffers;
using System.Text.Json;
using Enclave.Tenants.Quotas;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>
/// The journal of this process. A run is in it before it begins, with what it reserved. So the process that finds the journal of a killed process knows each
/// run of that process (<see cref="RecoverAsync"/>): each run gets one row, and the books get the reservations that the killed process had not written yet.
/// </summary>
internal sealed class RowJournal : IDisposable
{
    /// <summary>The outcome of a run whose process was killed.</summary>
    public const string Lost = "LOST";

    private const long MaxBytes = 4 << 20;

    private readonly LedgerFiles _files;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _json;
    // The runs that have begun, and the rows that are not in their months yet.
    private readonly Dictionary<string, JournalLine> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JournalLine Begun, LedgerRow Row)> _unwritten = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private string _path;
    private SafeFileHandle _file;
    private long _end;
    private long _number;
    private int _journals;

    public RowJournal(LedgerFiles files)
    {
        _files = files;
        _json = new Utf8JsonWriter(_line);
        (_path, _file) = Create();
    }

    /// <summary>The name of this process in books.</summary>
    public string Process { get; } = Guid.NewGuid().ToString("n");

    /// <summary>True if the journal is long enough to be replaced by a new one.</summary>
    public bool IsLong => Volatile.Read(ref _end) >= MaxBytes;

    /// <summary>Notes a run that is about to begin. Returns its number.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="own">Its reservations in the book of its tenant.</param>
    /// <param name="all">Its reservations in the book of all tenants.</param>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public long Begin(LedgerRow row, HeldQuota[]? own, HeldQuota[]? all)
    {
        lock (_gate)
        {
            var line = new JournalLine { Begun = row, Number = _number + 1, Own = own, All = all };
            Write_NeedsLock(line);
            _open.Add(row.Id, line);
            return ++_number;
        }
    }

    /// <summary>Notes the row of a run that has ended.</summary>
    public void End(LedgerRow row)
    {
        lock (_gate)
        {
            if (!_open.Remove(row.Id, out JournalLine? begun)) throw new InvalidOperationException($"the run of the row {row.Id} has ended before");
            _unwritten.Add(row.Id, (begun, row));
            Write_NeedsLock(new JournalLine { Ended = row });
        }
    }

    /// <summary>Keeps an ended run in the journal after its row is written, because its reservations could not be ended. The next process ends them.</summary>
    public void Keep(string id)
    {
        lock (_gate) _kept.Add(id);
    }

    /// <summary>Rows that ended stand in their months now.</summary>
    public void Written(IReadOnlyList<LedgerRow> rows)
    {
        lock (_gate)
        {
            foreach (LedgerRow row in rows)
            {
                if (!_kept.Contains(row.Id)) _unwritten.Remove(row.Id);
            }
        }
    }

    /// <summary>
    /// Replaces a long journal by a new one with the lines that are still needed. The books must have been written after the rows that are left out.
    /// </summary>
    public void Renew()
    {
        lock (_gate)
        {
            (string path, SafeFileHandle file) = Create();
            (string oldPath, SafeFileHandle old) = (_path, _file);
            (_path, _file, _end) = (path, file, 0);
            // Until the old journal is deleted both have these runs. Rows are searched by id, so none is written twice.
            foreach (JournalLine line in _open.Values.Concat(_unwritten.Values.Select((run) => run.Begun)).OrderBy((line) => line.Number))
                Write_NeedsLock(line);
            foreach ((_, LedgerRow row) in _unwritten.Values) Write_NeedsLock(new JournalLine { Ended = row });
            old.Dispose();
            File.Delete(oldPath);
        }
    }

    /// <summary>Closes the journal. Removes it if no line is needed.</summary>
    public void Dispose() => Close(isNeeded: false);

    /// <summary>Closes the journal.</summary>
    /// <param name="isNeeded">True if the next process needs the journal even without open rows.</param>
    public void Close(bool isNeeded)
    {
        lock (_gate)
        {
            if (_file.IsClosed) return;
            _file.Dispose();
            _json.Dispose();
            if (!isNeeded && _open.Count == 0 && _unwritten.Count == 0) File.Delete(_path);
        }
    }

    /// <summary>Writes the rows of processes that were killed. Calls back with each run, so that its reservations end.</summary>
    /// <param name="files">The ledger.</param>
    /// <param name="settle">Gets the name of the process and each of its runs, in the order in which they began.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    public static async Task RecoverAsync(LedgerFiles files, Func<string, LeftRun, ValueTask> settle, CancellationToken cancellationToken)
    {
        foreach (string path in files.Journals().ToArray())
        {
            // A process that lives holds its journal.
            using SafeFileHandle? alone = LoneFile.TryOpen(path, FileMode.Open);
            if (alone is null) continue;
            IReadOnlyList<LeftRun> left = JournalRuns.Read(LedgerFiles.Lines(alone)).Left(File.GetLastWriteTimeUtc(path));
            await files.AppendMissingAsync([.. left.Select((run) => run.Row)], cancellationToken).ConfigureAwait(false);
            foreach (LeftRun run in left) await settle(LedgerFiles.ProcessOf(path), run).ConfigureAwait(false);
            File.Delete(path);
        }
    }

    private (string Path, SafeFileHandle File) Create()
    {
        string path = _files.JournalOf(Process, _journals++);
        // Shared with readers, but not with processes that search for journals of killed processes, which open a file alone.
        return (path, LoneFile.Open(path, FileMode.CreateNew, FileShare.Read));
    }

    /// <summary>One system call writes the line, so it survives if this process is killed a moment later.</summary>
    private void Write_NeedsLock(JournalLine line)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        JsonSerializer.Serialize(_json, line, LedgerJson.Default.JournalLine);
        _json.Flush();
        _line.Write("\n"u8);
        RandomAccess.Write(_file, _line.WrittenSpan, _end);
        _end += _line.WrittenCount;
    }
}
