using Enclave.Journals;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>The right of this host to one run, under its own lease and the number of times that the run was taken.</summary>
/// <param name="table">Reads the run.</param>
/// <param name="writer">Writes it.</param>
/// <param name="host">The number of the host's lease.</param>
/// <param name="number">The key of the run's row.</param>
/// <param name="epoch">How often hosts have taken the run.</param>
/// <param name="run">The run as it was taken.</param>
/// <param name="left">Called when the host no longer has the run.</param>
internal sealed class RunLease(RunTable table, RunWriter writer, long host, long number, int epoch, StoredRun run, Action left) : IRunLease
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private StoredRun _saved = run;
    private bool _isOver;

    public StoredRun Run { get; } = run;

    public async ValueTask<Memory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken)
    {
        (StoredRun Run, Memory<byte> Entries) read = await table.ReadAsync(Run.Key, maxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw new JournalException(JournalFault.NotFound, $"there is no durable run {Run.Key.Name}");
        return read.Run.Head.AsSpan().SequenceEqual(Run.Head.AsSpan()) ? read.Entries : throw Taken();
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run) => WriteAsync(entries, run, replaces: false);

    public ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run) => WriteAsync(entries, run, replaces: true);

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes) => table.AnswerAsync(number, wait, maxBytes);

    public async ValueTask DisposeAsync()
    {
        // A run whose answer could not be read leaves while its last entry is still under way.
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isOver) return;
            _isOver = true;
            Task leaves = writer.AddAsync(Change(default, _saved, replaces: false, leaves: true));
            // If another host has it, there is nothing to give back.
            await leaves.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _writing.Release();
        }

        left();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> part, StoredRun next, bool replaces)
    {
        // Lists of runs are in the order of changes of state. A new time for each journal entry would move the run in the indexes of these lists.
        if (!replaces && !next.Differs(_saved)) next = next with { Changed = _saved.Changed };
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isOver) throw new JournalException(JournalFault.Unavailable, "the run was released");
            RunChange change = Change(part, next, replaces, leaves: false);
            if (change.Stored.Length > StoredRunFormat.MaxBytes) throw new JournalException(
                JournalFault.Full, $"the waits of {next.Key.Name} take {change.Stored.Length} bytes, and {StoredRunFormat.MaxBytes} are allowed");
            if (await writer.AddAsync(change).ConfigureAwait(false) == 0) throw Taken();
            _saved = next;
        }
        finally
        {
            _writing.Release();
        }
    }

    private RunChange Change(ReadOnlyMemory<byte> part, StoredRun next, bool replaces, bool leaves) => new(host, next, part)
    {
        Key = number,
        Epoch = epoch,
        First = _saved.Entries,
        Was = _saved.Journal,
        Replaces = replaces,
        Leaves = leaves,
        Over = Without(_saved, next),
        Begun = Without(next, _saved),
    };

    /// <summary>The waits with a token that the first run has and the second has not. Most changes do not touch the waits.</summary>
    private static IReadOnlyList<(Guid Token, long Call)> Without(StoredRun one, StoredRun other) => one.Waits == other.Waits ? [] :
    [
        .. one.Waits.Where((wait) => wait.Token.Length > 0).ExceptBy(other.Waits.Select(KeyOf), KeyOf)
            .Select((wait) => (RowId.OfToken(wait.Token), (long)wait.Call)),
    ];

    private static (string Token, uint Call) KeyOf(StoredWait wait) => (wait.Token, wait.Call);

    private JournalException Taken() => new(JournalFault.Unavailable, $"another host has taken {Run.Key.Name}") { IsTaken = true };
}
