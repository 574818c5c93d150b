using System.Text;
using System.Text.Json;

namespace Enclave.Runtime;

/// <summary>Statistics of a runtime, current and since its start.</summary>
public sealed record RuntimeWorkerStats
{
    /// <summary>Its state.</summary>
    public required RuntimeWorkerState State { get; init; }

    /// <summary>True if it accepts sessions.</summary>
    public bool IsRunning => State == RuntimeWorkerState.Running;

    /// <summary>Number of running sessions.</summary>
    public required int ActiveSessions { get; init; }

    /// <summary>Number of sessions opened.</summary>
    public required long TotalSessions { get; init; }

    /// <summary>The same as <see cref="TotalSessions"/>, by its other documented name.</summary>
    public long TotalExecutions => TotalSessions;

    /// <summary>Number of sessions whose script ran to its end.</summary>
    public required long SuccessfulExecutions { get; init; }

    /// <summary>Number of sessions that ended otherwise, including cancelled ones.</summary>
    public required long FailedExecutions { get; init; }

    /// <summary>Mean duration of the ended sessions, in milliseconds; 0 before the first.</summary>
    public required double AverageExecutionTime { get; init; }

    /// <summary>Number of connected peers.</summary>
    public required int Connections { get; init; }

    /// <summary>When it was started; null before that.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>Milliseconds since its start; 0 before that.</summary>
    public required long UptimeMs { get; init; }

    /// <summary>The same as <see cref="UptimeMs"/>, by its other documented name.</summary>
    public long Uptime => UptimeMs;

    /// <summary>The process's resident memory, in bytes.</summary>
    public long MemoryUsage => Memory.Rss;

    /// <summary>Details of its memory.</summary>
    public required RuntimeMemory Memory { get; init; }

    /// <summary>The statistics as one JSON object: members in camel case, the state in lower case, <c>startedAt</c> in milliseconds since 1970.</summary>
    public string ToJsonString()
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            WriteMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    internal void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("state"u8, NameOf(State));
        writer.WriteBoolean("isRunning"u8, IsRunning);
        writer.WriteNumber("activeSessions"u8, ActiveSessions);
        writer.WriteNumber("totalSessions"u8, TotalSessions);
        writer.WriteNumber("totalExecutions"u8, TotalExecutions);
        writer.WriteNumber("successfulExecutions"u8, SuccessfulExecutions);
        writer.WriteNumber("failedExecutions"u8, FailedExecutions);
        writer.WriteNumber("averageExecutionTime"u8, Math.Round(AverageExecutionTime, 3));
        writer.WriteNumber("connections"u8, Connections);
        if (StartedAt is { } started) writer.WriteNumber("startedAt"u8, started.ToUnixTimeMilliseconds());
        writer.WriteNumber("uptimeMs"u8, UptimeMs);
        writer.WriteNumber("uptime"u8, Uptime);
        writer.WriteNumber("memoryUsage"u8, MemoryUsage);
        writer.WriteStartObject("memory"u8);
        writer.WriteNumber("heapUsed"u8, Memory.HeapUsed);
        writer.WriteNumber("heapTotal"u8, Memory.HeapTotal);
        writer.WriteNumber("rss"u8, Memory.Rss);
        writer.WriteEndObject();
    }

    internal static string NameOf(RuntimeWorkerState state) => state switch
    {
        RuntimeWorkerState.Idle => "idle",
        RuntimeWorkerState.Starting => "starting",
        RuntimeWorkerState.Running => "running",
        RuntimeWorkerState.Stopping => "stopping",
        _ => "stopped",
    };
}
