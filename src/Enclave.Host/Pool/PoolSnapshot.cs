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

    /// <summary>Jobs accepted since the start.</summary>
    public long Submitted { get; init; }

    /// <summary>Jobs that have their answer.</summary>
    public long Settled { get; init; }

    /// <summary>Workers whose life ended.</summary>
    public long Recycled { get; init; }

    /// <summary>Why the last start of a worker failed; null when the last one succeeded.</summary>
    public string? LastStartFailure { get; init; }
}
