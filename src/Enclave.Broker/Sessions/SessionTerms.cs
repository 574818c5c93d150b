using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>The limits of one session: those that its client asked for, bounded by the broker's options.</summary>
internal sealed record SessionTerms
{
    /// <summary>More frequent heartbeats only cost client and broker work.</summary>
    private static readonly TimeSpan s_shortestHeartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Longest life of the session.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>Time from the session's opening; null for none.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Longest wait for the answer to one tool call.</summary>
    public required TimeSpan ToolTimeout { get; init; }

    /// <summary>Tool calls of the session.</summary>
    public required int MaxToolCalls { get; init; }

    /// <summary>Console output of the session, in bytes.</summary>
    public required long MaxStdoutBytes { get; init; }

    /// <summary>Size of one tool's answer, in bytes.</summary>
    public required long MaxToolResultBytes { get; init; }

    /// <summary>The time between two heartbeats.</summary>
    public required TimeSpan Heartbeat { get; init; }

    internal long? MemoryLimit { get; init; }

    internal bool CancelOnFirstError { get; init; }

    internal static SessionTerms Of(SessionLimits asked, BrokerOptions options) => new()
    {
        // Both names mean the longest time of the whole session.
        Ttl = Least(asked.TimeoutMs, Least(asked.SessionTtlMs, options.SessionTtl)),
        Deadline = asked.DeadlineMs is > 0 and var deadline ? Milliseconds(deadline) : null,
        ToolTimeout = Least(asked.PerToolDeadlineMs, Least(asked.ToolTimeoutMs, options.ToolTimeout)),
        MaxToolCalls = (int)Math.Min(asked.MaxToolCalls ?? int.MaxValue, options.MaxToolCalls),
        MaxStdoutBytes = Math.Min(asked.MaxStdoutBytes ?? long.MaxValue, options.MaxStdoutBytes),
        MaxToolResultBytes = Math.Min(asked.MaxToolResultBytes ?? long.MaxValue, options.MaxToolResultBytes),
        Heartbeat = asked.HeartbeatIntervalMs switch
        {
            null => options.HeartbeatInterval,
            0 => Timeout.InfiniteTimeSpan,
            { } interval => Longer(Milliseconds(interval), Shorter(s_shortestHeartbeat, options.HeartbeatInterval)),
        },
        MemoryLimit = asked.MemoryLimit,
        CancelOnFirstError = asked.CancelOnFirstError ?? false,
    };

    private static TimeSpan Least(long? milliseconds, TimeSpan most) => milliseconds is { } asked ? Shorter(Milliseconds(asked), most) : most;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Limits a client's number to between 1 ms and one day, so that it is valid for a timer.</summary>
    private static TimeSpan Milliseconds(long asked) => TimeSpan.FromMilliseconds(Math.Clamp(asked, 1, TimeSpan.MillisecondsPerDay));
}
