using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Enclave.Limits;
using Enclave.Runs;

namespace Enclave.Journals;

/// <summary>The open journal of a run on the host that has it: numbers and seals entries, and makes them durable in their order.</summary>
/// <remarks>
/// Entries that are appended while a write is under way are written together afterwards. Callers that wait for entries continue in the order of the entries, on
/// the thread that completed the write. If the store completes at once, they continue at once.
/// </remarks>
internal sealed class RunJournal : IAsyncDisposable
{
    /// <summary>An answer is in memory twice: as its opened bytes, and as a value whose characters take two bytes each.</summary>
    private const long AnswerCopies = 3;

    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly IRunLease _lease;
    private readonly JournalSeal _seal;
    private readonly RunStore _store;
    private readonly TimeProvider _clock;
    private readonly long _maxBytes;
    private readonly Queue<Waiter> _waiting = new();
    private ArrayBufferWriter<byte> _fresh = new();
    private StoredRun _run;
    private ReadOnlyMemory<byte> _tag;
    private long _changes, _written;
    private long _rowBytes;
    private ITimer? _soon;
    private bool _isWriting;
    private bool _isClosed;
    private JournalException? _fault;

    /// <param name="store">Notifies its readers of writes.</param>
    /// <param name="lease">The right to write it.</param>
    /// <param name="seal">Seals its entries.</param>
    /// <param name="history">What it says so far.</param>
    /// <param name="maxBytes">The most bytes that it may have without its last entry.</param>
    /// <param name="clock">The host's clock.</param>
    public RunJournal(RunStore store, IRunLease lease, JournalSeal seal, JournalHistory history, long maxBytes, TimeProvider clock)
    {
        (_store, _lease, _seal, _tag, _maxBytes, _clock) = (store, lease, seal, history.Tag, maxBytes, clock);
        // The row may be older than the entries.
        MayUndo = history.Steps.Any((step) => step is ToolCallEvent { HasCompensation: true });
        _run = lease.Run with { Waits = [.. history.Waits], Entries = history.Count, Bytes = history.Bytes };
        _rowBytes = StoredRunFormat.SizeOf(_run);
    }

    /// <summary>True if a call of the run declares how to undo it.</summary>
    public bool MayUndo { get; private set; }

    /// <summary>Why nothing more is written; null while the store takes entries.</summary>
    public JournalException? Fault
    {
        get
        {
            lock (_gate) return _fault;
        }
    }

    /// <summary>The run as it will be once everything is written.</summary>
    public StoredRun Run
    {
        get
        {
            lock (_gate) return _run;
        }
    }

    /// <summary>The first entries of a new journal, and the run's row with them.</summary>
    public static (StoredRun Run, byte[] Entries) Begin(JournalSeal seal, StoredRun run, IReadOnlyList<JournalEntry> entries)
    {
        var parts = new ArrayBufferWriter<byte>();
        ReadOnlyMemory<byte> tag = JournalSeal.NoTag;
        for (int i = 0; i < entries.Count; i++)
        {
            byte[] part = Seal(seal, i + 1, tag, entries[i]);
            parts.Write(part);
            tag = JournalSeal.TagOf(part);
        }

        return (run with { Entries = entries.Count, Bytes = parts.WrittenCount, Head = HeadOf(seal, entries.Count, tag) }, parts.WrittenSpan.ToArray());
    }

    /// <summary>Appends an entry, which is durable after the next commit. False if the journal is full, or the run has left this host.</summary>
    /// <param name="entry">The entry. Waits and answers also change the waits of the run's row.</param>
    /// <param name="committed">Called when it is durable, in the order of the entries; null for nothing. Not called if this returns false.</param>
    public bool TryAppend(JournalEntry entry, Action<JournalException?>? committed = null)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            // A row that no store takes would keep the run from ever ending.
            if (entry is JournalEntry.Waiting { Wait: var wait } && _rowBytes + StoredRunFormat.SizeOf(wait) > StoredRunFormat.MaxBytes) return false;
            byte[] part = Seal(_seal, _run.Entries + 1, _tag, entry);
            // The limit is on bytes in the journal. As a value an entry takes many times as much memory.
            if (_run.Bytes + part.Length > _maxBytes) return false;
            Append_NeedsLock(entry, part);
            if (committed is not null) _waiting.Enqueue(new Waiter(_changes, committed));
            return true;
        }
    }

    /// <summary>Completes when everything that was appended is durable.</summary>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    /// <exception cref="OperationCanceledException">The run has left this host.</exception>
    public Task CommitAsync()
    {
        lock (_gate)
        {
            if (_isClosed) throw new OperationCanceledException("the run has left this host");
            return Commit_NeedsLock();
        }
    }

    /// <summary>Writes the appended entries shortly, also if only readers wait for them.</summary>
    public void WriteSoon()
    {
        lock (_gate)
        {
            if (_soon is not null || _isClosed || _waiting.Count > 0) return;
            _soon = _clock.CreateTimer((_) => WriteForReaders(), null, s_soon, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes the appended entries if a commit waits for them. Continuations may run before this returns.</summary>
    public void Write()
    {
        lock (_gate)
        {
            if (_isWriting || _waiting.Count == 0) return;
            _isWriting = true;
        }

        _ = WriteAsync();
    }

    /// <summary>Appends an entry of the run's end, and changes its row. From then on all entries are appended so.</summary>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    public async Task<StoredRun> LeaveAsync(JournalEntry? entry, Func<StoredRun, StoredRun> change)
    {
        Task committed;
        lock (_gate)
        {
            _isClosed = true;
            if (entry is not null) Append_NeedsLock(entry, Seal(_seal, _run.Entries + 1, _tag, entry));
            _run = change(_run);
            _changes++;
            committed = Commit_NeedsLock();
        }

        await committed.ConfigureAwait(false);
        return Run;
    }

    /// <summary>Changes the run's row, which is durable after the next commit.</summary>
    public void Change(Func<StoredRun, StoredRun> change)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _run = change(_run);
            _changes++;
        }
    }

    /// <summary>Puts a new journal in the place of this one.</summary>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    public async Task ReplaceAsync(StoredRun run, byte[] entry)
    {
        Task committed;
        lock (_gate)
        {
            _isClosed = true;
            committed = Commit_NeedsLock();
        }

        await committed.ConfigureAwait(false);
        await _lease.ReplaceAsync(entry, run).ConfigureAwait(false);
        _store.Tell(run.Key);
    }

    /// <summary>The answer to a wait; null if there is none yet. It is read as soon as there is room for it.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="memory">The memory of the call that waits.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="JournalException">The store failed, or the answer is not what was sealed for this wait.</exception>
    /// <exception cref="OperationCanceledException">The run has ended, or was suspended.</exception>
    public async Task<JournalAnswer?> AnswerAsync(StoredWait wait, HeldMemory memory, CancellationToken cancellationToken)
    {
        if (await _lease.AnswerAsync(wait, 2 * _maxBytes).ConfigureAwait(false) is not { } part) return null;
        // The store has accepted the answer, so a lack of memory delays it and does not fail it.
        long bytes = Math.Min(AnswerCopies * part.Length, HostMemory.LeastOfResult);
        await memory.GrowByResultAsync(bytes, cancellationToken).ConfigureAwait(false);
        return AnswerFormat.Read(_seal, wait, part);
    }

    /// <summary>Answers a wait of this run, unless it has an answer already.</summary>
    public async Task TryAnswerAsync(RunStore store, StoredWait wait, JournalAnswer answer) =>
        await store.TryAnswerAsync(Run, wait, AnswerFormat.Write(_seal, Run, wait, answer), CancellationToken.None).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            _soon?.Dispose();
        }

        await _lease.DisposeAsync().ConfigureAwait(false);
        _seal.Dispose();
    }

    private static byte[] Seal(JournalSeal seal, int number, ReadOnlyMemory<byte> tag, JournalEntry entry)
    {
        var content = new ArrayBufferWriter<byte>();
        JournalFormat.Write(content, entry);
        return seal.Seal(SealPurpose.Entry, number, tag.Span, content.WrittenSpan);
    }

    /// <summary>The sealed number and tag of the last entry.</summary>
    public static ImmutableArray<byte> HeadOf(JournalSeal seal, int entries, ReadOnlyMemory<byte> tag)
    {
        byte[] head = new byte[sizeof(int) + JournalSeal.TagBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, entries);
        tag.Span.CopyTo(head.AsSpan(sizeof(int)));
        return [.. seal.Seal(SealPurpose.Head, 0, JournalSeal.NoTag.Span, head)];
    }

    private void Append_NeedsLock(JournalEntry entry, byte[] part)
    {
        MayUndo |= entry is JournalEntry.Happened { Event: ToolCallEvent { HasCompensation: true } };
        _fresh.Write(part);
        _tag = JournalSeal.TagOf(part);
        _changes++;
        ImmutableArray<StoredWait> before = _run.Waits;
        _run = _run with
        {
            Entries = _run.Entries + 1,
            Bytes = _run.Bytes + part.Length,
            Waits = entry switch
            {
                JournalEntry.Waiting { Wait: var wait } => _run.Waits.Add(wait),
                JournalEntry.Decided { Call: var call } => Without(call),
                JournalEntry.Happened { Event: ToolResultEvent { Call: var call } } => Without(call),
                _ => _run.Waits,
            },
        };
        if (entry is JournalEntry.Waiting { Wait: var begun }) _rowBytes += StoredRunFormat.SizeOf(begun);
        else if (before.Length != _run.Waits.Length) _rowBytes -= before.Except(_run.Waits).Sum(StoredRunFormat.SizeOf);
    }

    private ImmutableArray<StoredWait> Without(uint call) => _run.Waits.RemoveAll((wait) => wait.Call == call);

    private Task Commit_NeedsLock()
    {
        if (_fault is null && _written == _changes) return Task.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(new Waiter(_changes, (fault) =>
        {
            if (fault is null) done.SetResult();
            else done.SetException(fault);
        }));
        if (_isWriting) return done.Task;
        _isWriting = true;
        // Continuations may need the lock, so write outside of it.
        ThreadPool.UnsafeQueueUserWorkItem((journal) => _ = journal.WriteAsync(), this, preferLocal: true);
        return done.Task;
    }

    /// <summary>Writes the appended entries, one batch at a time, until no commit waits.</summary>
    private async Task WriteAsync()
    {
        while (TakeBatch() is { } batch)
        {
            JournalException? fault = batch.Fault;
            try
            {
                if (fault is null && batch.IsNew)
                {
                    await _lease.AppendAsync(batch.Bytes, batch.Run).ConfigureAwait(false);
                    _store.Tell(batch.Run.Key);
                }
            }
#pragma warning disable CA1031 // The fault reaches all callers that wait for the entries.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                fault = failed as JournalException
                    ?? new JournalException(JournalFault.Unavailable, $"the store of durable runs failed: {failed.Message}", failed);
            }

            foreach (Action<JournalException?> continues in Written(batch.Changes, fault)) Continue(continues, fault);
        }
    }

    private void WriteForReaders()
    {
        lock (_gate)
        {
            _soon?.Dispose();
            _soon = null;
            if (!_isClosed && _fault is null) _ = Commit_NeedsLock();
        }
    }

    /// <summary>A continuation that throws must not end the writing of other entries.</summary>
    private void Continue(Action<JournalException?> continues, JournalException? fault)
    {
        try
        {
            continues(fault);
        }
#pragma warning disable CA1031 // The run did not get this entry, so all later entries fail with the same fault.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            lock (_gate) _fault ??= new JournalException(JournalFault.Unavailable, $"an answer could not be handed over: {thrown.Message}", thrown);
        }
    }

    private Batch? TakeBatch()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            if (_written == _changes || _fault is not null) return new Batch(default, _run, _changes, IsNew: false, _fault);
            _run = _run with { Changed = JournalFormat.Rounded(_clock.GetUtcNow()), Head = HeadOf(_seal, _run.Entries, _tag) };
            ReadOnlyMemory<byte> bytes = _fresh.WrittenMemory;
            _fresh = new ArrayBufferWriter<byte>();
            return new Batch(bytes, _run, _changes, IsNew: true, null);
        }
    }

    private List<Action<JournalException?>> Written(long changes, JournalException? fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            if (fault is null) _written = changes;
            var free = new List<Action<JournalException?>>();
            while (_waiting.TryPeek(out Waiter next) && (next.Changes <= changes || fault is not null)) free.Add(_waiting.Dequeue().Continue);
            return free;
        }
    }

    /// <summary>A continuation that waits until <paramref name="Changes"/> changes are written.</summary>
    private readonly record struct Waiter(long Changes, Action<JournalException?> Continue);

    /// <summary>Entries to write with the row that goes with them.</summary>
    private sealed record Batch(ReadOnlyMemory<byte> Bytes, StoredRun Run, long Changes, bool IsNew, JournalException? Fault);
}
