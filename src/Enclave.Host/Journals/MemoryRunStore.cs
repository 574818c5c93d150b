namespace Enclave.Journals;

/// <summary>Keeps runs in this process.</summary>
internal sealed class MemoryRunStore : RunStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, Kept> _runs = [];
    private readonly Dictionary<string, RunKey> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Runs, long Bytes)> _usage = new(StringComparer.Ordinal);
    private readonly PriorityQueue<RunKey, DateTimeOffset> _due = new();

    internal override TimeSpan? PollInterval => null;

    public override ValueTask DisposeAsync() => default;

    internal override ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var kept = new Kept { IsTaken = true };
            if (!_runs.TryAdd(run.Key, kept)) return new((IRunLease?)null);
            Save_NeedsLock(kept, run, entries.Span);
            return new(new Lease(this, kept, run));
        }
    }

    internal override ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_runs.GetValueOrDefault(key)?.Run);
    }

    internal override ValueTask<IRunLease?> TakeAsync(RunKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out Kept? kept)) throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
            if (kept.IsTaken) return new((IRunLease?)null);
            kept.IsTaken = true;
            return new(new Lease(this, kept, kept.Run));
        }
    }

    internal override ValueTask<ReadOnlyMemory<byte>> ReadAsync(StoredRun run, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_runs.TryGetValue(run.Key, out Kept? kept) && kept.Run.Journal == run.Journal ? kept.Entries.ToArray() : default);
    }

    internal override ValueTask<IReadOnlyList<RunKey>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var due = new List<RunKey>();
            while (due.Count < limit && NextDue_NeedsLock() is { } next && next <= now)
            {
                RunKey key = _due.Dequeue();
                if (!_runs[key].IsTaken) due.Add(key);
            }

            return new(due);
        }
    }

    internal override ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return new(NextDue_NeedsLock());
    }

    internal override ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_tokens.TryGetValue(token, out RunKey key) ? _runs.GetValueOrDefault(key)?.Run : null);
    }

    internal override ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool waits = _runs.TryGetValue(run.Key, out Kept? kept) && kept.Run.Journal == run.Journal && kept.Run.Waits.Any((one) => one.Token == wait.Token);
            if (!waits || !kept!.Answers.TryAdd(wait.Token, answer)) return new(false);
            // A host that has the run looks for answers itself.
            kept.Run = kept.Run with { Due = DateTimeOffset.MinValue };
            _due.Enqueue(run.Key, DateTimeOffset.MinValue);
        }

        Wake(run.Key);
        return new(true);
    }

    internal override ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new([.. _runs.Values.Select((kept) => kept.Run).Where(query.Matches).OrderByDescending((run) => run.Changed).Take(query.Limit)]);
        }
    }

    internal override ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_usage.GetValueOrDefault(TenantOf(tenant)));
    }

    internal override ValueTask<bool> DeleteAsync(RunKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool has = _runs.TryGetValue(key, out Kept? kept) && kept is { IsTaken: false, Run.State: DurableRunState.Ended };
            if (!has) return new(false);
            Count_NeedsLock(key, -1, -kept!.Entries.Length);
            return new(_runs.Remove(key));
        }
    }

    /// <summary>The next time in the queue that still holds: a run that was taken or saved since has another.</summary>
    private DateTimeOffset? NextDue_NeedsLock()
    {
        while (_due.TryPeek(out RunKey key, out DateTimeOffset due))
        {
            if (_runs.TryGetValue(key, out Kept? kept) && kept.Run.Due == due && !kept.IsTaken) return due;
            _due.Dequeue();
        }

        return null;
    }

    private void Save_NeedsLock(Kept kept, StoredRun run, ReadOnlySpan<byte> entries)
    {
        kept.Entries.Write(entries);
        Count_NeedsLock(run.Key, kept.Run is null ? 1 : 0, entries.Length);
        if (kept.Run is { } before)
        {
            foreach (StoredWait wait in before.Waits) _tokens.Remove(wait.Token);
            HashSet<string> open = [.. run.Waits.Select((wait) => wait.Token)];
            foreach (string token in kept.Answers.Keys.Where((token) => !open.Contains(token)).ToArray()) kept.Answers.Remove(token);
        }

        foreach (StoredWait wait in run.Waits)
        {
            if (wait.Token.Length > 0) _tokens[wait.Token] = run.Key;
        }

        kept.Run = run;
    }

    private void Count_NeedsLock(RunKey key, int runs, long bytes)
    {
        (int Runs, long Bytes) usage = _usage.GetValueOrDefault(TenantOf(key.Tenant));
        usage = (usage.Runs + runs, usage.Bytes + bytes);
        if (usage.Runs == 0) _usage.Remove(TenantOf(key.Tenant));
        else _usage[TenantOf(key.Tenant)] = usage;
    }

    private static string TenantOf(string? tenant) => tenant is null ? "-" : $"+{tenant}";

    /// <summary>A run in memory. The store's lock guards it.</summary>
    private sealed class Kept
    {
        public StoredRun Run { get; set; } = null!;

        public MemoryStream Entries { get; set; } = new();

        public Dictionary<string, ReadOnlyMemory<byte>> Answers { get; } = new(StringComparer.Ordinal);

        public bool IsTaken { get; set; }
    }

    private sealed class Lease(MemoryRunStore store, Kept kept, StoredRun run) : IRunLease
    {
        public StoredRun Run => run;

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
        {
            lock (store._gate) return new(kept.Entries.ToArray());
        }

        public ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run)
        {
            lock (store._gate) store.Save_NeedsLock(kept, run, entries.Span);
            return default;
        }

        public ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run)
        {
            lock (store._gate)
            {
                store.Count_NeedsLock(run.Key, 0, -kept.Entries.Length);
                kept.Entries = new MemoryStream();
                store.Save_NeedsLock(kept, run, entries.Span);
            }

            return default;
        }

        public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait)
        {
            lock (store._gate) return new(kept.Answers.TryGetValue(wait.Token, out ReadOnlyMemory<byte> answer) ? answer : (ReadOnlyMemory<byte>?)null);
        }

        public ValueTask DisposeAsync()
        {
            bool isDue;
            lock (store._gate)
            {
                kept.IsTaken = false;
                // An answer may have come since the run was saved.
                if (kept.Answers.Count > 0) kept.Run = kept.Run with { Due = DateTimeOffset.MinValue };
                isDue = kept.Run.Due is not null;
                if (kept.Run.Due is { } due) store._due.Enqueue(kept.Run.Key, due);
            }

            if (isDue) store.Wake(kept.Run.Key);
            return default;
        }
    }
}
