using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>What a run took. Times and memory are measured by the host, or bounded by what it measures.</summary>
[JsonConverter(typeof(ExecutionStatsJsonConverter))]
public sealed record ExecutionStats
{
    /// <summary>From the start on a worker to the answer; zero when the job never started.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From submission to the start, or to the answer of a job that never started.</summary>
    public TimeSpan QueueWait { get; init; }

    /// <summary>CPU time of the script's thread, as the worker says, but never above what the operating system counts for the process.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>Time the tools took, summed over calls, so it may exceed <see cref="Duration"/> when calls overlap.</summary>
    public TimeSpan ToolTime { get; init; }

    /// <summary>Tool calls the host received.</summary>
    public int ToolCallCount { get; init; }

    /// <summary>Rounds of loops, and calls of functions given to array methods on the spot, as the worker says, but never above their limit. Zero if the run was stopped for another reason than their limit.</summary>
    public long IterationCount { get; init; }

    /// <summary>
    /// Highest growth of the worker's resident memory since it became ready that the host saw, in bytes. An indication, not a measure of the run, and not for
    /// billing.
    /// </summary>
    /// <remarks>
    /// It is looked at every 25 ms and at the end, so that a short peak is missed; it holds what earlier jobs of the same worker left resident, and misses
    /// what this one reused of that. The same job may read 0 and tens of MB.
    /// </remarks>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Bytes sent to the worker for this run.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes received from the worker for this run.</summary>
    public long BytesOut { get; init; }

    /// <summary>The worker that ran it, counted from 1 per host; 0 when none did.</summary>
    public int WorkerId { get; init; }

    /// <summary>What stood around the worker: <c>bubblewrap</c>, <c>landlock</c> or <c>process</c>, then a minus and the name of each layer that the level wants and that was not there; <c>none</c> when no worker ran it.</summary>
    public string Isolation { get; init; } = "none";
}
