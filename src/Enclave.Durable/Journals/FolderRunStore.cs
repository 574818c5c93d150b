using System.Collections.Immutable;
using Enclave.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>Keeps runs in files. Any number of processes may share the folder.</summary>
/// <remarks>
/// <para>Of a run with the id <c>ID</c>, a hash of its tenant and name:</para>
/// <list type="bullet">
/// <item><c>ID.run</c>: its row, replaced as a whole when its state or its waits change;</item>
/// <item><c>ID.JOURNAL.journal</c>: two heads in turn, then its entries. An entry is written and synchronized before it takes effect;</item>
/// <item><c>ID.lock</c>: locked by the process that has the run. The kernel releases it with the process;</item>
/// <item><c>ID.answers</c>: locked for the moment in which an answer is kept, or a row is written whose waits are over;</item>
/// <item><c>ID.TOKEN.answer</c>: the answer to a wait, created once;</item>
/// <item><c>due/HOUR/TIME.ID</c> and <c>tokens/TOKEN</c>: indexes. They follow from the rows, and are made anew when the store is opened.</item>
/// </list>
/// </remarks>
internal sealed class FolderRunStore : RunStore
{
    private readonly RunFolder _files;
    private readonly Lazy<bool> _indexed;

    public FolderRunStore(string path)
    {
        _files = new RunFolder(path);
        _indexed = new Lazy<bool>(() =>
        {
            _files.MakeIndexes();
            return true;
        }, LazyThreadSafetyMode.PublicationOnly);
    }

    internal override TimeSpan? PollInterval => TimeSpan.FromMilliseconds(500);

    public override ValueTask DisposeAsync() => default;

    internal override ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = RunFolder.IdOf(run.Key);
        if (_files.Lock(id) is not { } held) return (IRunLease?)null;
        try
        {
            if (!File.Exists(_files.RowOf(id)))
            {
                var lease = new FolderLease(this, _files, id, held, run);
                _files.Sizes.Change(RunFolder.TenantOf(run.Key.Tenant), () =>
                {
                    lease.Begin(entries.Span, run);
                    return (1, entries.Length);
                });
                return lease;
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        held.Dispose();
        return null;
    });

    internal override ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) =>
        Guarded(() => _files.Find(RunFolder.IdOf(key)) is { } run ? _files.WithDue(run) : null);

    internal override ValueTask<IRunLease?> TakeAsync(RunKey key, TakePurpose purpose, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = RunFolder.IdOf(key);
        if (!File.Exists(_files.RowOf(id))) throw Unknown(key);
        if (_files.Lock(id) is not { } held) return (IRunLease?)null;
        try
        {
            StoredRun run = _files.Find(id) ?? throw Unknown(key);
            // The row may be older than the entries.
            return new FolderLease(this, _files, id, held, run with { Bytes = Math.Max(run.Bytes, _files.SizeOf(id, run.Journal)) });
        }
        catch
        {
            held.Dispose();
            throw;
        }
    });

    internal override ValueTask<(StoredRun Run, Memory<byte> Entries)?> ReadAsync(RunKey key, long maxBytes, CancellationToken cancellationToken) =>
        Guarded(() =>
        {
            string id = RunFolder.IdOf(key);
            // The run may start over and replace its journal between the two reads, so try again.
            for (int attempt = 0; _files.Find(id) is { } run; attempt++)
            {
                try
                {
                    using SafeFileHandle journal = RunFolder.Open(_files.JournalOf(id, run.Journal), FileMode.Open, FileAccess.Read);
                    (ImmutableArray<byte> head, byte[] entries) = JournalFile.Read(journal, maxBytes);
                    return (run with { Head = head, LeastHead = run.Head }, (Memory<byte>)entries);
                }
                catch (FileNotFoundException fault)
                {
                    if (attempt >= 3) throw new JournalException(JournalFault.Damaged, "the journal is refused: its file is missing", fault);
                }
            }

            return ((StoredRun, Memory<byte>)?)null;
        });

    internal override ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, IReadOnlySet<string> passed, CancellationToken cancellationToken) => Guarded(() =>
    {
        _ = _indexed.Value;
        var due = new List<RunKey>();
        foreach ((DateTimeOffset time, string id, string file) in _files.Due.InOrder())
        {
            if (time > now || due.Count >= limit) break;
            if (!File.Exists(_files.RowOf(id))) DueIndex.Remove(file);
            else if (_files.TryFind(id) is { } run && !except.Contains(run.Key) && !passed.Contains(RunKey.MarkOf(run.Key.Tenant)))
            {
                // The row decides; the index may be older, and have a run twice.
                if (_files.WithDue(run).Due is not { } really || really > now) _files.Due.Set(id, run.Due, time);
                else if (!due.Contains(run.Key)) due.Add(run.Key);
            }
        }

        return (IReadOnlyList<RunKey>)due;
    });

    internal override ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        Guarded(() => _files.Due.InOrder().Where((due) => due.Time > after).Select((due) => (DateTimeOffset?)due.Time).FirstOrDefault());

    internal override ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken) => Guarded(() =>
    {
        _ = _indexed.Value;
        return _files.IdOfToken(token) is { } id && _files.Find(id) is { } run && run.Waits.Any((wait) => wait.Token == token) ? run : null;
    });

    internal override async ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        bool taken = await Guarded(() => _files.TryAnswer(RunFolder.IdOf(run.Key), run.Journal, wait, answer.Span)).ConfigureAwait(false);
        if (taken) Wake(run.Key);
        return taken;
    }

    internal override ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken) => Guarded(() =>
    {
        IEnumerable<StoredRun> rows = query.AllTenants ? _files.Rows() : _files.Rows(query.Tenant);
        return (IReadOnlyList<StoredRun>)[.. query.PageOf(rows.Where(query.Matches), (run) => run.Changed).Select(_files.WithDue)];
    });

    internal override ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken) =>
        Guarded(() => _files.Sizes.Of(RunFolder.TenantOf(tenant)));

    internal override ValueTask<RunTotals> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => Guarded(() => _files.Count(now));

    internal override ValueTask<bool> DeleteAsync(RunKey key, RemovePurpose purpose, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = RunFolder.IdOf(key);
        if (!File.Exists(_files.RowOf(id)) || _files.Lock(id) is not { } held) return false;
        using (held)
        {
            if (purpose == RemovePurpose.Damaged) _files.Discard(id, key);
            else if (_files.Find(id) is { State: DurableRunState.Ended } run) _files.Delete(id, run);
            else return false;
        }

        return true;
    });

    /// <summary>Runs file work on the thread pool: it waits for the disk.</summary>
    public static async ValueTask<T> Guarded<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new JournalException(JournalFault.Unavailable, $"the folder of durable runs failed: {fault.Message}", fault);
        }
    }

    private static JournalException Unknown(RunKey key) => new(JournalFault.NotFound, $"there is no durable run {key.Name}");
}
