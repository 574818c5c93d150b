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
    /// The most that this run held at once, in bytes: V8's heap, garbage that was not collected yet included, and the script's buffers. Never above the run's
    /// limit and the worker's allowance of 56 MB.
    /// </summary>
    /// <remarks>
    /// The worker counts, before each collection, whenever 64 KB of buffers were made, and at the end; the same job gives nearly the same figure on every
    /// worker. Compiling is part of it, so that the first run of a program may need more than those that find it compiled. A worker that a script has taken
    /// over may say less; the host's own watch, which ends it above its limit, does not believe this figure. For a run that its worker did not end itself
    /// (a kill, a crash), it is the highest growth of the worker's resident memory that the host saw.
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
