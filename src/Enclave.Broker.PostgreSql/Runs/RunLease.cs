using Enclave.Journals;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>The right of this host to one run, under its own lease and the number of times that the run was taken.</summary>
/// <param name="store">The store.</param>
/// <param name="host">The host's lease.</param>
/// <param name="key">The key of the run's row.</param>
/// <param name="epoch">How often it was taken.</param>
/// <param name="run">The run as it was taken.</param>
internal sealed class RunLease(PostgreSqlRunStore store, long host, long key, int epoch, StoredRun run) : IRunLease
{
    private StoredRun _saved = run;
    private int _isOver;

    public StoredRun Run { get; } = run;

    /// <summary>The tokens of a run's waits.</summary>
    public static IReadOnlyList<Guid> TokensOf(IEnumerable<StoredWait> waits) =>
        [.. waits.Where((wait) => wait.Token.Length > 0).Select((wait) => RowId.OfToken(wait.Token)).Distinct()];

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken) =>
        (await store.ReadAsync(Run.Key, maxBytes, cancellationToken).ConfigureAwait(false))?.Entries
            ?? throw new JournalException(JournalFault.NotFound, $"there is no durable run {Run.Key.Name}");

    public ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run) => WriteAsync(entries, run, replaces: false, leaves: false);

    public ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run) => WriteAsync(entries, run, replaces: true, leaves: false);

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes) => store.AnswerAsync(wait, key, maxBytes);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        try
        {
            await WriteAsync(default, _saved, replaces: false, leaves: true).ConfigureAwait(false);
        }
        catch (JournalException)
        {
            // Another host has it, or frees it: this one knows no longer that it has it.
        }

        store.Forget(Run.Key, key);
        store.Wake(Run.Key);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> part, StoredRun next, bool replaces, bool leaves)
    {
        if (_isOver != 0 && !leaves) throw new JournalException(JournalFault.Unavailable, "the run was released");
        // Lists are in the order of changes of state. One for each entry would move the run in their indexes.
        bool differs = next.State != _saved.State || next.Due != _saved.Due || next.Attempts != _saved.Attempts || !next.Waits.SequenceEqual(_saved.Waits);
        if (!differs && !replaces) next = next with { Changed = _saved.Changed };
        IReadOnlyList<Guid> before = TokensOf(_saved.Waits), after = TokensOf(next.Waits);
        var change = new RunChange(host, next, part)
        {
            Key = key,
            Epoch = epoch,
            First = _saved.Entries,
            Replaces = replaces,
            Leaves = leaves,
            Over = [.. before.Except(after)],
            Begun = [.. after.Except(before)],
        };
        if (await store.WriteAsync(change).ConfigureAwait(false) == 0)
            throw new JournalException(JournalFault.Unavailable, $"another host has taken {next.Key.Name}");
        _saved = next;
    }
}
