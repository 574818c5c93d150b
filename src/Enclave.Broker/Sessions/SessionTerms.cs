using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>Makes the limits of one session: those that its client asked for, bounded by the broker's options.</summary>
internal static class SessionTerms
{
    /// <summary>More frequent heartbeats only cost client and broker work.</summary>
    private static readonly TimeSpan s_shortestHeartbeat = TimeSpan.FromSeconds(1);

    public static EnclaveSessionOptions Of(SessionLimits asked, BrokerOptions options) => new()
    {
        // Both names mean the longest time of the whole session.
        Ttl = Least(asked.TimeoutMs, Least(asked.SessionTtlMs, options.SessionTtl)),
        ToolTimeout = Least(asked.PerToolDeadlineMs, Least(asked.ToolTimeoutMs, options.ToolTimeout)),
        MaxToolCalls = (int)Math.Min(asked.MaxToolCalls ?? int.MaxValue, options.MaxToolCalls),
        MaxConsoleBytes = Math.Min(asked.MaxStdoutBytes ?? long.MaxValue, options.MaxStdoutBytes),
        MaxToolResultBytes = Math.Min(asked.MaxToolResultBytes ?? long.MaxValue, options.MaxToolResultBytes),
        HeartbeatInterval = asked.HeartbeatIntervalMs switch
        {
            null => options.HeartbeatInterval,
            0 => Timeout.InfiniteTimeSpan,
            { } interval => Longer(Milliseconds(interval), Shorter(s_shortestHeartbeat, options.HeartbeatInterval)),
        },
        RefuseCallsAfterFailure = asked.CancelOnFirstError ?? false,
    };

    /// <summary>The time from the session's opening to its deadline; null for none.</summary>
    public static TimeSpan? Deadline(SessionLimits asked) => asked.DeadlineMs is > 0 and var deadline ? Milliseconds(deadline) : null;

    private static TimeSpan Least(long? milliseconds, TimeSpan most) => milliseconds is { } asked ? Shorter(Milliseconds(asked), most) : most;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Limits a client's number to between 1 ms and one day, so that it is valid for a timer.</summary>
    private static TimeSpan Milliseconds(long asked) => TimeSpan.FromMilliseconds(Math.Clamp(asked, 1, TimeSpan.MillisecondsPerDay));
}
