using System.Collections.ObjectModel;

namespace Enclave;

/// <summary>What a pool holds at one moment.</summary>
public sealed record PoolSnapshot
{
    /// <summary>Worker processes, starting ones included.</summary>
    public int Workers { get; init; }

    /// <summary>Workers that run a job.</summary>
    public int ActiveWorkers { get; init; }

    /// <summary>Workers that wait for a job.</summary>
    public int IdleWorkers { get; init; }

    /// <summary>Workers that are not ready yet.</summary>
    public int StartingWorkers { get; init; }

    /// <summary>Jobs that wait for a worker.</summary>
    public int QueueDepth { get; init; }

    /// <summary>How long the first of them has waited; zero when none does.</summary>
    public TimeSpan QueueAge { get; init; }

    /// <summary>Workers that there may be at most.</summary>
    public int MaxWorkers { get; init; }

    /// <summary>Jobs accepted since the start.</summary>
    public long Submitted { get; init; }

    /// <summary>Jobs that have their answer.</summary>
    public long Settled { get; init; }

    /// <summary>Workers whose life ended.</summary>
    public long Recycled { get; init; }

    /// <summary>The same by what ended them; reasons that never did are missing.</summary>
    public IReadOnlyDictionary<RecycleReason, long> RecycledBy { get; init; } = ReadOnlyDictionary<RecycleReason, long>.Empty;

    /// <summary>Security events since the start, by kind; kinds that never were are missing.</summary>
    public IReadOnlyDictionary<SecurityEventKind, long> SecurityEventsBy { get; init; } = ReadOnlyDictionary<SecurityEventKind, long>.Empty;

    /// <summary>Why the last start of a worker failed; null when the last one succeeded.</summary>
    public string? LastStartFailure { get; init; }

    /// <summary>The workers of the outer isolates, counted by themselves; null without <see cref="EnclaveOptions.DoubleVm"/>.</summary>
    public PoolSnapshot? Outer { get; init; }

    /// <summary>True if starts have failed so often in a row that waiting runs are told at once.</summary>
    public bool IsCrashLooping { get; init; }

    /// <summary>Audit records that the sink has not taken yet.</summary>
    public int AuditWaiting { get; init; }

    /// <summary>Audit records dropped since the start, because too many waited (<see cref="AuditOptions.WhenFull"/>).</summary>
    public long AuditDropped { get; init; }

    /// <summary>True if the audit's sink failed when it was last asked.</summary>
    public bool AuditFailing { get; init; }
}
