using System.Collections.ObjectModel;

namespace Enclave;

/// <summary>The state of a pool at one moment.</summary>
public sealed record PoolSnapshot
{
    /// <summary>Worker processes, starting ones included.</summary>
    public int Workers { get; init; }

    /// <summary>Workers with a job.</summary>
    public int ActiveWorkers { get; init; }

    /// <summary>Workers that wait for a job.</summary>
    public int IdleWorkers { get; init; }

    /// <summary>Runs that have left their workers while they wait for tools (<see cref="WorkerPoolOptions.MaxParkedRuns"/>).</summary>
    public int ParkedRuns { get; init; }

    /// <summary>Workers that are not ready yet.</summary>
    public int StartingWorkers { get; init; }

    /// <summary>
    /// Jobs that wait for a worker, including jobs for which a worker is starting. The latter do not count against
    /// <see cref="WorkerPoolOptions.MaxQueueSize"/>.
    /// </summary>
    public int QueueDepth { get; init; }

    /// <summary>
    /// The most jobs that waited at once since the last call of <see cref="EnclaveOptions.OnStatsUpdate"/>; since the start if there is none.
    /// </summary>
    public int PeakQueueDepth { get; init; }

    /// <summary>How long the first of them has waited; zero if none waits.</summary>
    public TimeSpan QueueAge { get; init; }

    /// <summary>The largest number of workers.</summary>
    public int MaxWorkers { get; init; }

    /// <summary>Jobs accepted since the start.</summary>
    public long Submitted { get; init; }

    /// <summary>Jobs with an answer.</summary>
    public long Settled { get; init; }

    /// <summary>Workers that ended.</summary>
    public long Recycled { get; init; }

    /// <summary>Ended workers by reason. Reasons that never occurred are missing.</summary>
    public IReadOnlyDictionary<RecycleReason, long> RecycledBy { get; init; } = ReadOnlyDictionary<RecycleReason, long>.Empty;

    /// <summary>Security events since the start, by kind. Kinds that never occurred are missing.</summary>
    public IReadOnlyDictionary<SecurityEventKind, long> SecurityEventsBy { get; init; } = ReadOnlyDictionary<SecurityEventKind, long>.Empty;

    /// <summary>Why the last start of a worker failed; null if it succeeded.</summary>
    public string? LastStartFailure { get; init; }

    /// <summary>The workers of the outer isolates; null without <see cref="EnclaveOptions.DoubleVm"/>.</summary>
    public PoolSnapshot? Outer { get; init; }

    /// <summary>True if waiting runs are refused at once, because too many starts in a row have failed.</summary>
    public bool IsCrashLooping { get; init; }

    /// <summary>Audit records that wait for the sink.</summary>
    public int AuditWaiting { get; init; }

    /// <summary>Audit records dropped since the start because the queue was full (<see cref="AuditOptions.WhenFull"/>).</summary>
    public long AuditDropped { get; init; }

    /// <summary>True if the audit's sink failed at its last call.</summary>
    public bool AuditFailing { get; init; }
}
