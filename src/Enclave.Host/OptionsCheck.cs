using Enclave.Protocol;
using Enclave.Sidecar;
using Enclave.Tools.Sequences;
using static Enclave.Limits.OptionRange;

namespace Enclave;

/// <summary>Checks the ranges of a host's options.</summary>
internal static class OptionsCheck
{
    private const int MaxRunIdCharacters = 128;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_month = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    public static void Check(EnclaveOptions options)
    {
        Defined(nameof(EnclaveOptions.SecurityLevel), options.SecurityLevel);
        Defined(nameof(EnclaveOptions.Engine), options.Engine);
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        ArgumentNullException.ThrowIfNull(options.AllowDegradedIsolation);
        ArgumentNullException.ThrowIfNull(options.Sidecar);
        Defined(nameof(EnclaveOptions.ResetComparison), options.ResetComparison);
        foreach (IsolationLayer layer in options.AllowDegradedIsolation) Defined(nameof(EnclaveOptions.AllowDegradedIsolation), layer);
        SidecarLimits.For(options.Sidecar, options.SecurityLevel);
        SequencePolicy.Check(options.SequencePolicy, options.Tools);
        // The adapter replaces these sizes with its own, so nobody else would notice their faults.
        if (options.WorkerPool is { } given) Check(given);
        if (options.Adapter == EnclaveAdapter.Embedded && options.WorkerPool is { MaxWorkers: > 1 and int workers })
        {
            throw Fault("WorkerPool.MaxWorkers", $"{workers}",
                $"1 with the adapter Embedded, which has one worker: leave Adapter out or set it to WorkerPool, or set MaxWorkers = 1, MinWorkers = 0");
        }

        WorkerPoolOptions pool = options.Adapter.Resolve(options);
        Check(pool);
        Check(options.Audit);
        Time(nameof(options.Timeout), options.Timeout, s_millisecond, s_day);
        Time(nameof(options.CpuTimeout), options.CpuTimeout, s_millisecond, s_day);
        Range(nameof(options.MemoryLimit), options.MemoryLimit, 8L << 20, pool.MemoryLimitPerWorker, "bytes; the upper end is MemoryLimitPerWorker");
        Range(nameof(options.GuardCacheBytes), options.GuardCacheBytes, 0, 4L << 30, "bytes");
        Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Range(nameof(options.MaxIterations), options.MaxIterations, 1, ProtocolLimits.MaxIterations);
        Range(nameof(options.MaxConsoleCalls), options.MaxConsoleCalls, 0, 10_000_000);
        if (options.DoubleVm is { } doubleVm)
        {
            Time("DoubleVm.InnerTimeout", doubleVm.InnerTimeout, s_millisecond, s_day);
            Time("DoubleVm.OuterTimeout", doubleVm.OuterTimeout, s_millisecond, s_day + TimeSpan.FromHours(1));
            Range("DoubleVm.OuterMemoryLimit", doubleVm.OuterMemoryLimit, 8L << 20, pool.MemoryLimitPerWorker, "bytes; the upper end is MemoryLimitPerWorker");
        }

        // One line may use the whole budget, and must fit into a message with others.
        Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, pool.MaxMessageBytes / 2, "bytes; the upper end is half of MaxMessageBytes");
        Time(nameof(options.ApprovalTimeout), options.ApprovalTimeout, s_millisecond, s_day);
        Range(nameof(options.MaxPendingApprovals), options.MaxPendingApprovals, 1, 256);
        CheckNeeds(options.Tools, options);
    }

    /// <summary>Checks and closes the tools of a run.</summary>
    /// <exception cref="ArgumentException">A tool needs something that the host does not have.</exception>
    public static void Take(ToolCollection tools, EnclaveOptions host)
    {
        CheckNeeds(tools, host);
        tools.Close();
    }

    private static void CheckNeeds(ToolCollection tools, EnclaveOptions options)
    {
        if (options.OnToolApproval is null && tools.FirstOrDefault((tool) => tool.Options.RequiresApproval) is { } unasked)
        {
            throw Fault(nameof(options.OnToolApproval), "null", $"a callback, since tool {unasked.Name} requires approval");
        }

        if (options.Secrets is null && tools.FirstOrDefault((tool) => tool.Options.Secrets.Count > 0) is { } needy)
        {
            throw Fault(nameof(options.Secrets), "null", $"a source, since tool {needy.Name} needs the secret {needy.Options.Secrets.First()}");
        }
    }

    private static void Check(AuditOptions? audit)
    {
        if (audit is null) return;
        ArgumentNullException.ThrowIfNull(audit.Sink);
        Defined("Audit.Arguments", audit.Arguments);
        Defined("Audit.WhenFull", audit.WhenFull);
        Range("Audit.MaxArgumentBytes", audit.MaxArgumentBytes, 0, 1 << 20, "bytes");
        Range("Audit.QueueSize", audit.QueueSize, 1, 1_000_000);
        Time("Audit.FlushTimeout", audit.FlushTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    public static void Check(WorkerPoolOptions pool)
    {
        Range(nameof(pool.MaxWorkers), pool.MaxWorkers, 1, 2000);
        Range(nameof(pool.MinWorkers), pool.MinWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers: lower MinWorkers, or raise MaxWorkers");
        Range(nameof(pool.SpareWorkers), pool.SpareWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers: lower SpareWorkers, or raise MaxWorkers");
        Range(nameof(pool.MemoryLimitPerWorker), pool.MemoryLimitPerWorker, 16L << 20, 16L << 30, "bytes");
        Range(nameof(pool.MaxExecutionsPerWorker), pool.MaxExecutionsPerWorker, 1, 1_000_000);
        Range(nameof(pool.MaxQueueSize), pool.MaxQueueSize, 0, 100_000);
        Range(nameof(pool.MaxMessagesPerSecond), pool.MaxMessagesPerSecond, 1, 1_000_000);
        Range(nameof(pool.MaxPendingToolCalls), pool.MaxPendingToolCalls, 1, 10_000);
        Range(nameof(pool.MaxMessageBytes), pool.MaxMessageBytes, 64 << 10, 64 << 20, "bytes");
        Range(nameof(pool.HostMemoryLimitPerRun), pool.HostMemoryLimitPerRun, 1L << 20, 16L << 30, "bytes");
        Range(nameof(pool.HostMemoryLimit), pool.HostMemoryLimit, 2 * (pool.HostMemoryLimitPerRun ?? 1L << 20), 1L << 40,
            "bytes; the lower end is twice HostMemoryLimitPerRun");
        Range(nameof(pool.MaxQueuedPerTenant), pool.MaxQueuedPerTenant, 0, pool.MaxQueueSize, "the upper end is MaxQueueSize");
        Range(nameof(pool.MaxWorkersPerTenant), pool.MaxWorkersPerTenant, 1, pool.MaxWorkers, "the upper end is MaxWorkers");
        Time(nameof(pool.MaxWorkerAge), pool.MaxWorkerAge, TimeSpan.FromSeconds(1), s_month);
        Time(nameof(pool.QueueTimeout), pool.QueueTimeout, s_millisecond, s_day);
        Time(nameof(pool.IdleTimeout), pool.IdleTimeout, TimeSpan.FromMilliseconds(100), s_month);
        Time(nameof(pool.GracefulShutdownTimeout), pool.GracefulShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        Time(nameof(pool.StartTimeout), pool.StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
    }

    /// <summary>True if a text can be the id of a run. Ids appear in logs and traces, so their characters are limited.</summary>
    private static bool IsRunId(string text) =>
        text.Length is > 0 and <= MaxRunIdCharacters && text.All((c) => char.IsAsciiLetterOrDigit(c) || "_-.:".Contains(c));

    public static void Check(RunOptions options, WorkerPoolOptions pool)
    {
        Time(nameof(options.Timeout), options.Timeout, s_millisecond, s_day);
        Time(nameof(options.CpuTimeout), options.CpuTimeout, s_millisecond, s_day);
        Range(nameof(options.MemoryLimit), options.MemoryLimit, 8L << 20, pool.MemoryLimitPerWorker, "bytes; the upper end is MemoryLimitPerWorker");
        Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Range(nameof(options.MaxIterations), options.MaxIterations, 1, ProtocolLimits.MaxIterations);
        Range(nameof(options.MaxConsoleCalls), options.MaxConsoleCalls, 0, 10_000_000);
        Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, pool.MaxMessageBytes / 2, "bytes; the upper end is half of MaxMessageBytes");
        Range(nameof(options.MaxBufferedEvents), options.MaxBufferedEvents, 16, 1_000_000);
        Range(nameof(options.MaxBufferedEventBytes), options.MaxBufferedEventBytes, 64 << 10, 1 << 30, "bytes");
        if (options.SourceName is { } name) Range("SourceName.Length", name.Length, 1, 200, "characters");
        if (options.RunId is { } id && !IsRunId(id))
            throw Fault(nameof(options.RunId), $"a text of {id.Length} characters", $"1 to {MaxRunIdCharacters} ASCII letters, digits and _ - . :");
    }

    public static void Check(EnclaveSessionOptions options, WorkerPoolOptions pool)
    {
        if (options.Run is { } run) Check(run, pool);
        Time(nameof(options.Ttl), options.Ttl, s_millisecond, s_day);
        Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, 1 << 30, "bytes");
        Range(nameof(options.MaxToolResultBytes), options.MaxToolResultBytes, 1, 1 << 30, "bytes");
        Time(nameof(options.ToolTimeout), options.ToolTimeout, s_millisecond, s_day);
        if (options.HeartbeatInterval != Timeout.InfiniteTimeSpan)
            Time(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), s_day);
    }
}
