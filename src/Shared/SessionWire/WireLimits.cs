using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>Limits as the wire asks for them, as a session of a host takes them.</summary>
/// <remarks>What is above the host's own bounds is lowered to them; what is below what a run needs is refused.</remarks>
internal static class WireLimits
{
    /// <summary>Longest life of a session that is asked for nothing else.</summary>
    public const long DefaultTtlMs = 60_000;

    private const long MaxMs = 24L * 60 * 60 * 1000, MinHeartbeatMs = 100, MinMemory = 8L << 20, MaxBytes = 1L << 30, MaxToolCalls = 1_000_000;

    /// <summary>The options of a session with these limits.</summary>
    /// <param name="limits">What is asked for.</param>
    /// <param name="pool">The bounds of the host's workers.</param>
    /// <param name="options">The options; the defaults when there is a problem.</param>
    /// <param name="problem">What cannot be granted; null for nothing.</param>
    public static bool TryOptions(SessionLimits limits, WorkerPoolOptions pool, out EnclaveSessionOptions options, out string? problem)
    {
        options = new EnclaveSessionOptions();
        problem = limits.MemoryLimit < MinMemory ? $"limits.memoryLimit must be at least {MinMemory} bytes (8 MB)" : null;
        if (problem is not null) return false;
        long? console = Lower(limits.MaxStdoutBytes, pool.MaxMessageBytes / 2);
        int? calls = (int?)Lower(limits.MaxToolCalls, MaxToolCalls);
        options = options with
        {
            Ttl = Ttl(limits),
            MaxToolCalls = calls ?? options.MaxToolCalls,
            MaxConsoleBytes = console ?? options.MaxConsoleBytes,
            MaxToolResultBytes = Lower(limits.MaxToolResultBytes, MaxBytes) ?? options.MaxToolResultBytes,
            ToolTimeout = ToolTimeout(limits) ?? options.ToolTimeout,
            RefuseCallsAfterFailure = limits.CancelOnFirstError ?? false,
            HeartbeatInterval = Heartbeat(limits.HeartbeatIntervalMs) ?? options.HeartbeatInterval,
            // Here too: what a session is asked for holds against the level's own, be it lower or higher.
            Run = new RunOptions { Timeout = Time(limits.TimeoutMs), MaxToolCalls = calls, MaxConsoleBytes = console, MemoryLimit = Lower(limits.MemoryLimit, pool.MemoryLimitPerWorker) },
        };
        return true;
    }

    private static TimeSpan Ttl(SessionLimits limits) => Time(limits.SessionTtlMs ?? Math.Max(DefaultTtlMs, limits.TimeoutMs ?? 0))!.Value;

    private static TimeSpan? ToolTimeout(SessionLimits limits) => Time(limits.PerToolDeadlineMs is { } deadline ? Lower(limits.ToolTimeoutMs, deadline) ?? deadline : limits.ToolTimeoutMs);

    private static TimeSpan? Heartbeat(long? milliseconds) => milliseconds switch
    {
        null => null,
        0 => Timeout.InfiniteTimeSpan,
        _ => Time(Math.Max(MinHeartbeatMs, milliseconds.Value)),
    };

    private static TimeSpan? Time(long? milliseconds) => milliseconds is { } asked ? TimeSpan.FromMilliseconds(Math.Min(asked, MaxMs)) : null;

    private static long? Lower(long? asked, long bound) => asked is { } wanted ? Math.Min(wanted, bound) : null;
}
