using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The time and memory that a run took, measured by the host or bounded by its measurements.</summary>
[JsonConverter(typeof(ExecutionStatsJsonConverter))]
public sealed record ExecutionStats
{
    /// <summary>From the start on a worker to the answer; zero if the job never started.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From submission to the start, or to the answer of a job that never started.</summary>
    public TimeSpan QueueWait { get; init; }

    /// <summary>
    /// CPU time of the worker for this run: the script, reading and writing its values, and polling for quick tool answers (at most 60 µs each).
    /// The worker reports it; it is at most the operating system's count for the process. Where a worker may serve several tenants (STANDARD and PERMISSIVE),
    /// it is rounded up to whole milliseconds.
    /// </summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>
    /// CPU time of the run's worker while it ran, as the operating system counts it, not rounded, and independent of the worker's own report. Only for the
    /// operator's ledger.
    /// </summary>
    internal TimeSpan KernelCpuTime { get; init; }

    /// <summary>Time of all tool calls together. It may exceed <see cref="Duration"/> if calls overlap.</summary>
    public TimeSpan ToolTime { get; init; }

    /// <summary>Tool calls that the host received.</summary>
    public int ToolCallCount { get; init; }

    /// <summary>
    /// Iterations of loops, and calls of functions written as arguments of array methods, as the worker reports them, but at most their limit. Zero if
    /// the run was stopped for another reason than their limit.
    /// </summary>
    public long IterationCount { get; init; }

    /// <summary>
    /// The peak of the run's memory, in bytes: V8's heap, including garbage that is not collected yet, and the script's buffers. At most the run's
    /// limit plus the worker's allowance of 56 MB.
    /// </summary>
    /// <remarks>
    /// The worker counts before each collection, after every 64 KB of new buffers, and at the end. The same job gives nearly the same figure on every
    /// worker. It includes compilation, so the first run of a program may need more than later ones, whose code is cached. A compromised worker
    /// may report less. The host's own check, which ends a worker above its limit, does not use this figure. For a run that the host ended
    /// (a kill, a crash) it is the highest growth of the worker's resident memory that the host saw, without pages of the engine's files.
    /// </remarks>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Bytes sent to the worker for this run.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes received from the worker for this run.</summary>
    public long BytesOut { get; init; }

    /// <summary>The worker that ran it, counted from 1 per host; 0 if none did.</summary>
    public int WorkerId { get; init; }

    /// <summary>
    /// The isolation of the worker: <c>bubblewrap</c>, <c>landlock</c> or <c>process</c>, then a minus and the name of each layer of the level that was
    /// missing; <c>none</c> if no worker ran it.
    /// </summary>
    public string Isolation { get; init; } = "none";
}
