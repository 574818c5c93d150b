using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>Converts limits on the wire to options of a host's session.</summary>
/// <remarks>Limits above the host's bounds are lowered to them. Limits below the needs of a run are refused.</remarks>
internal static class WireLimits
{
    /// <summary>Lifetime of a session whose request names none.</summary>
    public const long DefaultTtlMs = 60_000;

    private const long MaxMs = 24L * 60 * 60 * 1000, MinHeartbeatMs = 100;

    /// <summary>Returns the options of a session with these limits.</summary>
    /// <param name="limits">The requested limits.</param>
    /// <param name="pool">The bounds of the host's workers.</param>
    /// <param name="options">The options; the defaults if there is a problem.</param>
    /// <param name="problem">Why the limits are refused; null if they are not.</param>
    public static bool TryOptions(SessionLimits limits, WorkerPoolOptions pool, out EnclaveSessionOptions options, out string? problem)
    {
        options = new EnclaveSessionOptions();
        problem = limits.MemoryLimit < LimitOptions.LeastMemory ? $"limits.memoryLimit must be at least {LimitOptions.LeastMemory} bytes (8 MB)" : null;
        if (problem is not null) return false;
        // The requested limits of the run replace the level's, lower or higher.
        RunOptions run = new RunOptions
        {
            Timeout = Time(limits.TimeoutMs),
            MaxToolCalls = (int?)Lower(limits.MaxToolCalls, LimitOptions.MostToolCalls),
            MaxConsoleBytes = limits.MaxStdoutBytes,
            MemoryLimit = limits.MemoryLimit,
        }.Within(new LimitOptions { MaxConsoleBytes = pool.MaxMessageBytes / 2, MemoryLimit = pool.MemoryLimitPerWorker });
        options = options with
        {
            Run = run,
            Ttl = Ttl(limits),
            MaxToolCalls = run.MaxToolCalls ?? options.MaxToolCalls,
            MaxConsoleBytes = run.MaxConsoleBytes ?? options.MaxConsoleBytes,
            MaxToolResultBytes = Lower(limits.MaxToolResultBytes, LimitOptions.MostSessionBytes) ?? options.MaxToolResultBytes,
            ToolTimeout = ToolTimeout(limits) ?? options.ToolTimeout,
            RefuseCallsAfterFailure = limits.CancelOnFirstError ?? false,
            HeartbeatInterval = Heartbeat(limits.HeartbeatIntervalMs) ?? options.HeartbeatInterval,
        };
        return true;
    }

    /// <summary>The options of a session, lowered to a ceiling.</summary>
    /// <param name="session">The options.</param>
    /// <param name="ceiling">The highest limits; a limit that is null bounds nothing.</param>
    /// <param name="defaults">The host's limits of a run that sets none: a default above the ceiling is lowered too.</param>
    public static EnclaveSessionOptions Within(EnclaveSessionOptions session, SessionLimits ceiling, LimitOptions defaults)
    {
        TimeSpan? life = Time(Lower(ceiling.TimeoutMs, ceiling.SessionTtlMs ?? MaxMs) ?? ceiling.SessionTtlMs);
        var most = new LimitOptions { Timeout = life, MemoryLimit = ceiling.MemoryLimit };
        RunOptions run = session.Run ?? new RunOptions();
        return session with
        {
            // The counted limits of the session hold for its run as well. Without a limit of its own the run's time is the session's life.
            Run = (run with { MemoryLimit = run.MemoryLimit ?? defaults.MemoryLimit }).Within(most),
            Ttl = Lower(session.Ttl, life),
            ToolTimeout = Lower(session.ToolTimeout, ToolTimeout(ceiling)),
            MaxToolCalls = (int)Math.Min(session.MaxToolCalls, ceiling.MaxToolCalls ?? int.MaxValue),
            MaxConsoleBytes = Math.Min(session.MaxConsoleBytes, ceiling.MaxStdoutBytes ?? long.MaxValue),
            MaxToolResultBytes = Math.Min(session.MaxToolResultBytes, ceiling.MaxToolResultBytes ?? long.MaxValue),
        };
    }

    private static TimeSpan Lower(TimeSpan asked, TimeSpan? bound) => bound < asked ? bound.Value : asked;

    private static TimeSpan Ttl(SessionLimits limits) => Time(limits.SessionTtlMs ?? Math.Max(DefaultTtlMs, limits.TimeoutMs ?? 0))!.Value;

    private static TimeSpan? ToolTimeout(SessionLimits limits) =>
        Time(limits.PerToolDeadlineMs is { } deadline ? Lower(limits.ToolTimeoutMs, deadline) ?? deadline : limits.ToolTimeoutMs);

    private static TimeSpan? Heartbeat(long? milliseconds) => milliseconds switch
    {
        null => null,
        0 => Timeout.InfiniteTimeSpan,
        _ => Time(Math.Max(MinHeartbeatMs, milliseconds.Value)),
    };

    private static TimeSpan? Time(long? milliseconds) => milliseconds is { } asked ? TimeSpan.FromMilliseconds(Math.Min(asked, MaxMs)) : null;

    private static long? Lower(long? asked, long bound) => asked is { } wanted ? Math.Min(wanted, bound) : null;
}
