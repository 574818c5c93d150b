using Enclave.Diagnostics;

namespace Enclave.Journals;

/// <summary>Keeps runs in this process.</summary>
internal sealed class MemoryRunStore : RunStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, Kept> _runs = [];
    private readonly Dictionary<string, RunKey> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Runs, long Bytes)> _usage = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset Due, long Number, RunKey Key)> _due =
        new(Comparer<(DateTimeOffset Due, long Number, RunKey Key)>.Create(static (a, b) => (a.Due, a.Number).CompareTo((b.Due, b.Number))));

    private long _number;

    internal override TimeSpan? PollInterval => null;

    public override ValueTask DisposeAsync() => default;

    internal override ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var kept = new Kept { IsTaken = true, Number = ++_number };
            if (!_runs.TryAdd(run.Key, kept)) return new((IRunLease?)null);
            Save_NeedsLock(kept, run, entries.Span);
            return new(new Lease(this, kept, run));
        }
    }

    internal override ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_runs.TryGetValue(key, out Kept? kept) ? WithDue(kept) : null);
    }

    internal override ValueTask<IRunLease?> TakeAsync(RunKey key, TakePurpose purpose, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out Kept? kept)) throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
            if (kept.IsTaken) return new((IRunLease?)null);
            kept.IsTaken = true;
            Arrange_NeedsLock(kept);
            return new(new Lease(this, kept, kept.Run));
        }
    }

    internal override ValueTask<(StoredRun Run, Memory<byte> Entries)?> ReadAsync(RunKey key, long maxBytes, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_runs.TryGetValue(key, out Kept? kept) ? (kept.Run, kept.Entries.ToArray()) : null);
    }

    internal override ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, IReadOnlySet<string> passed, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IEnumerable<RunKey> due = _due.TakeWhile((due) => due.Due <= now).Select((due) => due.Key);
            return new([.. due.Where((key) => !except.Contains(key) && !passed.Contains(RunKey.MarkOf(key.Tenant))).Take(limit)]);
        }
    }

    internal override ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach ((DateTimeOffset due, _, _) in _due.GetViewBetween((after, long.MaxValue, default), (DateTimeOffset.MaxValue, long.MaxValue, default)))
                return new(due);
            return new((DateTimeOffset?)null);
        }
    }

    internal override ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_tokens.TryGetValue(token, out RunKey key) ? _runs.GetValueOrDefault(key)?.Run : null);
    }

    internal override ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool waits = _runs.TryGetValue(run.Key, out Kept? kept) && kept.Run.Journal == run.Journal && kept.Run.Has(wait);
            if (!waits || !kept!.Answers.TryAdd(wait.Token, answer)) return new(false);
            Arrange_NeedsLock(kept);
        }

        Wake(run.Key);
        return new(true);
    }

    internal override ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IEnumerable<Kept> found = _runs.Values.Where((kept) => query.Matches(kept.Run));
            return new([.. query.PageOf(found.OrderByDescending((kept) => kept.Run.Changed), (kept) => kept.Run.Changed).Select(WithDue)]);
        }
    }

    internal override ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_usage.GetValueOrDefault(RunKey.MarkOf(tenant)));
    }

    internal override ValueTask<bool> DeleteAsync(RunKey key, RemovePurpose purpose, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out Kept? kept) || kept.IsTaken) return new(false);
            if (purpose == RemovePurpose.Ended && kept.Run.State != DurableRunState.Ended) return new(false);
            foreach (StoredWait wait in kept.Run.Waits.Where((wait) => _tokens.GetValueOrDefault(wait.Token) == key)) _tokens.Remove(wait.Token);
            Count_NeedsLock(key, -1, -kept.Entries.Length);
            _runs.Remove(key);
            kept.IsTaken = true;
            Arrange_NeedsLock(kept);
            return new(true);
        }
    }

    internal override ValueTask<RunTotals> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ILookup<DurableRunState, Kept> states = _runs.Values.ToLookup((kept) => kept.Run.State);
            DateTimeOffset[] due = [.. _due.TakeWhile((due) => due.Due <= now).Where((due) => _runs[due.Key].Run.State != DurableRunState.Ended)
                .Select((due) => due.Due)];
            return new(new RunTotals(
                states[DurableRunState.Running].Count() + states[DurableRunState.Compensating].Count(), states[DurableRunState.Suspended].Count(), 0,
                states[DurableRunState.Ended].Count(), due.Length,
                now - due.Where((time) => time > StoredRun.Always).DefaultIfEmpty(now).Min()));
        }
    }

    /// <summary>The run with the time at which it is due: at once if an answer came since it was saved.</summary>
    private static StoredRun WithDue(Kept kept) => kept.Answers.Count > 0 ? kept.Run with { Due = StoredRun.Always } : kept.Run;

    private void Save_NeedsLock(Kept kept, StoredRun run, ReadOnlySpan<byte> entries)
    {
        kept.Entries.Write(entries);
        Count_NeedsLock(run.Key, kept.Run is null ? 1 : 0, entries.Length);
        foreach (StoredWait wait in kept.Run?.Waits ?? [])
        {
            if (run.Has(wait)) continue;
            if (_tokens.GetValueOrDefault(wait.Token) == run.Key) _tokens.Remove(wait.Token);
            kept.Answers.Remove(wait.Token);
        }

        // A token belongs to the run that had it first.
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0)) _tokens.TryAdd(wait.Token, run.Key);
        kept.Run = run;
        Arrange_NeedsLock(kept);
    }

    /// <summary>Keeps the run in the order of due times while no host has it.</summary>
    private void Arrange_NeedsLock(Kept kept)
    {
        if (kept.Queued is { } queued) _due.Remove((queued, kept.Number, kept.Run.Key));
        kept.Queued = kept.IsTaken ? null : kept.Answers.Count > 0 ? StoredRun.Always : kept.Run.Due;
        if (kept.Queued is { } due) _due.Add((due, kept.Number, kept.Run.Key));
    }

    private void Count_NeedsLock(RunKey key, int runs, long bytes)
    {
        (int Runs, long Bytes) usage = _usage.GetValueOrDefault(RunKey.MarkOf(key.Tenant));
        usage = (usage.Runs + runs, usage.Bytes + bytes);
        if (usage.Runs == 0) _usage.Remove(RunKey.MarkOf(key.Tenant));
        else _usage[RunKey.MarkOf(key.Tenant)] = usage;
    }

    /// <summary>A run in memory. The store's lock guards it.</summary>
    private sealed class Kept
    {
        public required long Number { get; init; }

        public StoredRun Run { get; set; } = null!;

        public MemoryStream Entries { get; set; } = new();

        public Dictionary<string, ReadOnlyMemory<byte>> Answers { get; } = new(StringComparer.Ordinal);

        public bool IsTaken { get; set; }

        /// <summary>The time under which it is in the order of due times; null if it is not.</summary>
        public DateTimeOffset? Queued { get; set; }
    }

    private sealed class Lease(MemoryRunStore store, Kept kept, StoredRun run) : IRunLease
    {
        private bool _isOver;

        public StoredRun Run => run;

        public ValueTask<Memory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken)
        {
            lock (store._gate) return new(kept.Entries.ToArray());
        }

        public ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run)
        {
            lock (store._gate)
            {
                Check_NeedsLock();
                store.Save_NeedsLock(kept, run, entries.Span);
            }

            return default;
        }

        public ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run)
        {
            lock (store._gate)
            {
                Check_NeedsLock();
                store.Count_NeedsLock(run.Key, 0, -kept.Entries.Length);
                kept.Entries = new MemoryStream();
                store.Save_NeedsLock(kept, run, entries.Span);
            }

            return default;
        }

        public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes)
        {
            lock (store._gate) return new(kept.Answers.TryGetValue(wait.Token, out ReadOnlyMemory<byte> answer) ? answer : (ReadOnlyMemory<byte>?)null);
        }

        public ValueTask DisposeAsync()
        {
            lock (store._gate)
            {
                if (_isOver) return default;
                _isOver = true;
                kept.IsTaken = false;
                store.Arrange_NeedsLock(kept);
            }

            store.Wake(kept.Run.Key);
            return default;
        }

        private void Check_NeedsLock()
        {
            if (_isOver) throw new JournalException(JournalFault.Unavailable, "the run was released");
        }
    }
}
