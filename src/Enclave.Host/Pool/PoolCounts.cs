namespace Enclave.Pool;

/// <summary>A pool's counts since its start, for the snapshot.</summary>
internal sealed class PoolCounts
{
    private long _settled;

    /// <summary>Accepted jobs.</summary>
    public long Submitted { get; private set; }

    /// <summary>Jobs with an answer.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    /// <summary>Workers that ended.</summary>
    public long Recycled { get; private set; }

    /// <summary>Ended workers by reason. Copy on write: recycling is rare, and a snapshot is taken for every refused run.</summary>
    public Dictionary<RecycleReason, long> RecycledBy { get; private set; } = [];

    /// <summary>Security events by kind. Copy on write.</summary>
    public Dictionary<SecurityEventKind, long> SecurityEventsBy { get; private set; } = [];

    /// <summary>The most jobs that waited at once since <see cref="ResetQueue_NeedsLock"/>.</summary>
    public int QueuePeak { get; private set; }

    public void AddSubmitted_NeedsLock() => Submitted++;

    public void SawQueue_NeedsLock(int jobs) => QueuePeak = Math.Max(QueuePeak, jobs);

    public void ResetQueue_NeedsLock(int jobs) => QueuePeak = jobs;

    /// <summary>Counts an answer. It needs no lock: jobs get their answers on many threads.</summary>
    public void AddSettled() => Interlocked.Increment(ref _settled);

    public void AddRecycled_NeedsLock(RecycleReason reason)
    {
        Recycled++;
        RecycledBy = OneMore(RecycledBy, reason);
    }

    public void AddSecurityEvent_NeedsLock(SecurityEventKind kind) => SecurityEventsBy = OneMore(SecurityEventsBy, kind);

    private static Dictionary<T, long> OneMore<T>(Dictionary<T, long> counts, T of)
        where T : notnull =>
        new(counts) { [of] = counts.GetValueOrDefault(of) + 1 };
}
