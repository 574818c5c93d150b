using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Enclave.Journals;

/// <summary>The open journal of a run on the host that has it: numbers and seals entries, and makes them durable in their order.</summary>
/// <remarks>
/// Entries that are appended while a write is under way are written together afterwards. What waits for an entry continues in the order of the entries, on
/// the thread that completed the write: at once, with a store that needs no waiting.
/// </remarks>
internal sealed class RunJournal : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IRunLease _lease;
    private readonly JournalSeal _seal;
    private readonly TimeProvider _clock;
    private readonly long _maxBytes;
    private readonly Queue<(int Number, Action<JournalException?> Continue)> _waiting = new();
    private ArrayBufferWriter<byte> _fresh = new();
    private StoredRun _run;
    private ReadOnlyMemory<byte> _tag;
    private int _written;
    private bool _rowChanged;
    private bool _isWriting;
    private JournalException? _fault;

    /// <param name="lease">The right to write it.</param>
    /// <param name="seal">Seals its entries.</param>
    /// <param name="tag">The tag of its last entry.</param>
    /// <param name="entries">The number of its entries.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <param name="clock">The host's clock.</param>
    public RunJournal(IRunLease lease, JournalSeal seal, ReadOnlyMemory<byte> tag, int entries, long maxBytes, TimeProvider clock)
    {
        (_lease, _seal, _tag, _maxBytes, _clock) = (lease, seal, tag, maxBytes, clock);
        _run = lease.Run with { Entries = entries };
        _written = entries;
    }

    /// <summary>The run as it will be once everything is written.</summary>
    public StoredRun Run
    {
        get
        {
            lock (_gate) return _run;
        }
    }

    /// <summary>True if its bytes are used up. Entries are no longer taken then, but for the last one.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate) return _run.Bytes >= _maxBytes;
        }
    }

    /// <summary>Appends an entry. It is durable after the next commit.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="committed">Called when it is durable, in the order of the entries; null for nothing.</param>
    public void Append(JournalEntry entry, Action<JournalException?>? committed = null)
    {
        var content = new ArrayBufferWriter<byte>();
        JournalFormat.Write(content, entry);
        lock (_gate)
        {
            int number = _run.Entries + 1;
            byte[] part = _seal.Seal(SealPurpose.Entry, number, _tag.Span, content.WrittenSpan);
            _fresh.Write(part);
            _tag = JournalSeal.TagOf(part);
            _run = _run with { Entries = number, Bytes = _run.Bytes + part.Length };
            if (committed is not null) _waiting.Enqueue((number, committed));
        }
    }

    /// <summary>Changes the run's row with the next commit.</summary>
    public void Change(Func<StoredRun, StoredRun> change)
    {
        lock (_gate)
        {
            _run = change(_run);
            _rowChanged = true;
        }
    }

    /// <summary>Completes when everything that was appended is durable.</summary>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    public Task CommitAsync()
    {
        lock (_gate)
        {
            if (_fault is null && _written == _run.Entries && !_rowChanged) return Task.CompletedTask;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((_run.Entries, (fault) =>
            {
                if (fault is null) done.SetResult();
                else done.SetException(fault);
            }));
        }

        Write();
        return done.Task;
    }

    /// <summary>Writes what was appended, if somebody waits for it. Continuations may run before this returns.</summary>
    public void Write()
    {
        lock (_gate)
        {
            if (_isWriting || _waiting.Count == 0) return;
            _isWriting = true;
        }

        _ = WriteAsync();
    }

    /// <summary>The first entry of a new journal, and the run's row with it.</summary>
    public static (StoredRun Run, byte[] Entry) Begin(JournalSeal seal, StoredRun run, JournalEntry.Opened opened)
    {
        var content = new ArrayBufferWriter<byte>();
        JournalFormat.Write(content, opened);
        byte[] part = seal.Seal(SealPurpose.Entry, 1, JournalSeal.NoTag.Span, content.WrittenSpan);
        return (run with { Entries = 1, Bytes = part.Length, Head = HeadOf(seal, 1, JournalSeal.TagOf(part)) }, part);
    }

    /// <summary>Puts a new journal in the place of this one.</summary>
    public async Task ReplaceAsync(StoredRun run, byte[] entry) => await _lease.ReplaceAsync(entry, run).ConfigureAwait(false);

    /// <summary>The sealed number and tag of the last entry.</summary>
    private static ImmutableArray<byte> HeadOf(JournalSeal seal, int entries, ReadOnlyMemory<byte> tag) =>
        [.. seal.Seal(SealPurpose.Head, 0, JournalSeal.NoTag.Span, [.. HeadBytes(entries), .. tag.Span])];

    private static byte[] HeadBytes(int entries)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, entries);
        return bytes;
    }

    /// <summary>The answer to a wait; null if there is none yet.</summary>
    /// <exception cref="JournalException">The store failed, or the answer is not what was sealed for this wait.</exception>
    public async Task<JournalAnswer?> AnswerAsync(StoredWait wait)
    {
        if (await _lease.AnswerAsync(wait).ConfigureAwait(false) is not { } part) return null;
        return JournalAnswer.Read(_seal, wait, part);
    }

    public async ValueTask DisposeAsync()
    {
        await _lease.DisposeAsync().ConfigureAwait(false);
        _seal.Dispose();
    }

    /// <summary>Writes what is there, until nobody waits. One at a time.</summary>
    private async Task WriteAsync()
    {
        while (TakeBatch() is { } batch)
        {
            JournalException? fault = _fault;
            try
            {
                if (fault is null && batch.HasChanged) await _lease.AppendAsync(batch.Bytes, batch.Run).ConfigureAwait(false);
            }
            catch (JournalException failed)
            {
                fault = failed;
            }

            foreach (Action<JournalException?> continues in Written(batch.Run.Entries, fault)) continues(fault);
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

            bool changed = _fresh.WrittenCount > 0 || _rowChanged;
            _rowChanged = false;
            if (!changed) return new Batch(default, _run, HasChanged: false);
            _run = _run with { Changed = _clock.GetUtcNow(), Head = HeadOf(_seal, _run.Entries, _tag) };
            ReadOnlyMemory<byte> bytes = _fresh.WrittenMemory;
            _fresh = new ArrayBufferWriter<byte>();
            return new Batch(bytes, _run, HasChanged: true);
        }
    }

    private List<Action<JournalException?>> Written(int entries, JournalException? fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            _written = Math.Max(_written, entries);
            var free = new List<Action<JournalException?>>();
            while (_waiting.TryPeek(out (int Number, Action<JournalException?> Continue) next) && (next.Number <= entries || fault is not null))
                free.Add(_waiting.Dequeue().Continue);
            return free;
        }
    }

    /// <summary>Entries to write with the row that goes with them.</summary>
    private sealed record Batch(ReadOnlyMemory<byte> Bytes, StoredRun Run, bool HasChanged);
}
