namespace Enclave.Limits;

/// <summary>The host's memory that one run holds.</summary>
/// <param name="host">The memory of all runs.</param>
/// <param name="tenant">The run's tenant.</param>
/// <param name="room">Called when a waiting request may be repeated, on any thread.</param>
internal sealed class RunMemory(HostMemory host, string tenant, Action room)
{
    /// <summary>A run's own first bytes: an ordinary call takes no lock of the host and never waits for another run.</summary>
    public const long Free = 64 << 10;

    private long _free = Free;
    private bool _hasAsked;

    public string Tenant => tenant;

    /// <summary>True for the journal of a run that a host continues, before the run has a worker.</summary>
    public bool IsJournal { get; private init; }

    /// <summary>The most that the result of one call may take.</summary>
    public long MostOfResult => Math.Max(HostMemory.LeastOfResult, host.PerRun);

    /// <summary>Bytes that it holds beyond <see cref="Free"/>. <see cref="HostMemory"/> maintains it under its lock.</summary>
    public long Held { get; set; }

    /// <summary>
    /// Bytes that were reserved while the run waited, and that the run has not collected. <see cref="HostMemory"/> maintains it under its lock.
    /// </summary>
    public long Granted { get; set; }

    /// <summary>True if the run has its answer. <see cref="HostMemory"/> maintains it under its lock.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Reserves memory, or returns null: then ask again when room is announced. One thread at a time.</summary>
    /// <param name="bytes">At most <see cref="HostMemory.PerRun"/>.</param>
    public HeldMemory? HoldOrWait(long bytes)
    {
        if (_hasAsked)
        {
            _hasAsked = false;
            if (host.Collect(this) is > 0 and var granted) return new HeldMemory(this, 0, granted);
        }

        if (TryTakeFree(bytes)) return new HeldMemory(this, bytes, 0);
        if (host.TakeOrWait(this, bytes, room)) return new HeldMemory(this, 0, bytes);
        _hasAsked = true;
        return null;
    }

    /// <summary>Reserves memory, or returns null if there is no room now.</summary>
    public HeldMemory? TryHold(long bytes)
    {
        if (TryTakeFree(bytes)) return new HeldMemory(this, bytes, 0);
        return TryTakeShared(bytes) ? new HeldMemory(this, 0, bytes) : null;
    }

    /// <summary>Reserves memory for the journal of a run of this tenant. Without room beside the memory of runs it waits for its turn.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public static async Task<HeldMemory> HoldJournalAsync(HostMemory host, string tenant, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > Free && bytes > host.MostOfJournals)
            return new HeldMemory((await host.JournalTurns.TryEnterAsync(tenant, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!);
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = new RunMemory(host, tenant, room.SetResult) { IsJournal = true };
        if (journal.HoldOrWait(bytes) is { } held) return held;
        using (cancellationToken.UnsafeRegister((waiting) => ((RunMemory)waiting!).End(), journal)) await room.Task.ConfigureAwait(false);
        // Room that came is collected first, and given back if the wait is cancelled at this moment. A request that was withdrawn has room at once.
        HeldMemory collected = journal.HoldOrWait(bytes)!;
        if (!cancellationToken.IsCancellationRequested) return collected;
        collected.GiveBack();
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits for the turn of a result that has no room beside the memory of other runs. The turn lasts until it is disposed.</summary>
    public async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken) =>
        (await host.Turns.TryEnterAsync(tenant, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!;

    public void Give(long free, long shared)
    {
        if (free > 0) Interlocked.Add(ref _free, free);
        if (shared > 0) host.Give(this, shared);
    }

    /// <summary>The run has its answer and waits for nothing any more. Tools release their memory when they end.</summary>
    public void End() => host.Withdraw(this);

    private bool TryTakeShared(long bytes) => host.TryTake(this, bytes);

    private bool TryTakeFree(long bytes)
    {
        for (long free = Volatile.Read(ref _free); bytes <= free;)
        {
            long before = Interlocked.CompareExchange(ref _free, free - bytes, free);
            if (before == free) return true;
            free = before;
        }

        return false;
    }
}
