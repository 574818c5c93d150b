using System.Collections.Immutable;
using Enclave.Linux;

namespace Enclave.Journals;

/// <summary>The right to one run in a folder: the lock of its file.</summary>
/// <param name="store">The store.</param>
/// <param name="files">Its files.</param>
/// <param name="id">The id of the run.</param>
/// <param name="held">The lock.</param>
/// <param name="run">The run as it was taken.</param>
internal sealed class FolderLease(FolderRunStore store, RunFolder files, string id, LockedFile held, StoredRun run) : IRunLease
{
    private StoredRun _run = run;
    private JournalFile? _journal;

    public StoredRun Run => _run;

    /// <summary>Writes the first entries and the row of a run that begins.</summary>
    public void Begin(ReadOnlySpan<byte> entries, StoredRun begun)
    {
        _journal?.Dispose();
        StoredRun before = _run;
        _journal = JournalFile.Create(RunFolder.Open(files.JournalOf(id, begun.Journal), FileMode.Create));
        _journal.Append(entries, begun.Head);
        _run = begun;
        files.Save(id, begun, before);
        files.SynchronizeFolder();
        if (before.Journal != begun.Journal) File.Delete(files.JournalOf(id, before.Journal));
    }

    public ValueTask<Memory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken) => FolderRunStore.Guarded(() =>
    {
        (_journal, ImmutableArray<byte> head, byte[] entries) = JournalFile.Open(RunFolder.Open(files.JournalOf(id, _run.Journal), FileMode.Open), maxBytes);
        _run = _run with { Head = head, LeastHead = _run.Head };
        return (Memory<byte>)entries;
    });

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run) => await FolderRunStore.Guarded(() =>
    {
        if (_journal is null) throw new IOException("the journal was not read before it was continued");
        if (!entries.IsEmpty) _journal.Append(entries.Span, run.Head);
        // While a run runs, its row only has that state, and the entries are in their own file. Waits are written to the row, because an answer looks for them
        // there.
        bool differs = run.Differs(_run);
        StoredRun before = _run;
        _run = run;
        if (differs) files.Save(id, run, before);
        return true;
    }).ConfigureAwait(false);

    public async ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run) => await FolderRunStore.Guarded(() =>
    {
        Begin(entries.Span, run);
        return true;
    }).ConfigureAwait(false);

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes) => FolderRunStore.Guarded(() =>
    {
        string file = files.AnswerOf(id, wait.Token);
        return wait.Token.Length > 0 && File.Exists(file) ? new ReadOnlyMemory<byte>(RunFolder.ReadWhole(file, maxBytes)) : (ReadOnlyMemory<byte>?)null;
    });

    public ValueTask DisposeAsync()
    {
        _journal?.Dispose();
        held.Dispose();
        store.Wake(_run.Key);
        return default;
    }
}
