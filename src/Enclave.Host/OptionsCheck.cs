using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Sidecar;
using Enclave.Tools.Sequences;

namespace Enclave;

/// <summary>Checks the ranges of a host's options.</summary>
internal static class OptionsCheck
{
    private const int MaxRunIdCharacters = 128;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_month = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    /// <exception cref="ArgumentException">Options are out of their ranges. The message has each of them, its value and its range.</exception>
    public static void Check(EnclaveOptions options) => Faults(options).Throw();

    /// <summary>Finds all options of a host that are out of their ranges.</summary>
    public static OptionFaults Faults(EnclaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        ArgumentNullException.ThrowIfNull(options.AllowDegradedIsolation);
        ArgumentNullException.ThrowIfNull(options.Sidecar);
        var wrong = new OptionFaults();
        wrong.Defined(nameof(EnclaveOptions.SecurityLevel), options.SecurityLevel);
        // The remaining ranges depend on the level, which must be valid.
        if (wrong.Sentences.Count > 0) return wrong;
        wrong.Defined(nameof(EnclaveOptions.Engine), options.Engine);
        wrong.Defined(nameof(EnclaveOptions.ResetComparison), options.ResetComparison);
        foreach (IsolationLayer layer in options.AllowDegradedIsolation) wrong.Defined(nameof(EnclaveOptions.AllowDegradedIsolation), layer);
        SidecarLimits.Check(wrong, options.Sidecar, options.SecurityLevel);
        SequencePolicy.Check(wrong, options.SequencePolicy, options.Tools);
        // The adapter replaces these sizes with its own, so no later check would notice their faults.
        if (options.WorkerPool is { } given) Check(wrong, given);
        if (options.Adapter == EnclaveAdapter.Embedded && options.WorkerPool is { MaxWorkers: > 1 and int workers })
        {
            wrong.Add("WorkerPool.MaxWorkers", $"{workers}",
                $"1 with the adapter Embedded, which has one worker: leave Adapter out or set it to WorkerPool, or set MaxWorkers = 1, MinWorkers = 0");
        }

        WorkerPoolOptions pool = options.Adapter.Resolve(options);
        CheckSaidTwice(wrong, options, pool);
        Check(wrong, pool);
        Check(wrong, options.Audit);
        foreach (IRunFeature feature in RunFeatures.Of(options)) feature.Check(wrong, options, pool);
        CheckTimeAndMemory(wrong, options.Limits, pool);
        wrong.Range(nameof(options.GuardCacheBytes), options.GuardCacheBytes, 0, 4L << 30, "bytes");
        CheckCounted(wrong, options.Limits);
        if (options.DoubleVm is { } doubleVm)
        {
            wrong.Range("DoubleVm.InnerTimeout", doubleVm.InnerTimeout, s_millisecond, s_day);
            wrong.Range("DoubleVm.OuterTimeout", doubleVm.OuterTimeout, s_millisecond, s_day + TimeSpan.FromHours(1));
            wrong.Range("DoubleVm.OuterMemoryLimit", doubleVm.OuterMemoryLimit, LimitOptions.LeastMemory, pool.MemoryLimitPerWorker,
                "bytes; the upper end is MemoryLimitPerWorker");
        }

        CheckConsoleBytes(wrong, options.Limits, pool);
        wrong.Range(nameof(options.ApprovalTimeout), options.ApprovalTimeout, s_millisecond, s_day);
        wrong.Range(nameof(options.MaxPendingApprovals), options.MaxPendingApprovals, 1, 256);
        CheckNeeds(wrong, options.Tools, options);
        return wrong;
    }

    /// <summary>Checks and closes the tools of a run.</summary>
    /// <exception cref="ArgumentException">A tool needs something that the host does not have.</exception>
    public static void Take(ToolCollection tools, EnclaveOptions host)
    {
        var wrong = new OptionFaults();
        CheckNeeds(wrong, tools, host);
        wrong.Throw();
        tools.Close();
    }

    private static void CheckNeeds(OptionFaults wrong, ToolCollection tools, EnclaveOptions options)
    {
        if (options.OnToolApproval is null && tools.FirstOrDefault((tool) => tool.Options is { RequiresApproval: true, IsDecidedLater: false }) is { } unasked)
        {
            wrong.Add(nameof(options.OnToolApproval), "null", $"a callback, since tool {unasked.Name} requires approval");
        }

        if (options.Secrets is null && tools.FirstOrDefault((tool) => tool.Options.Secrets.Count > 0) is { } needy)
        {
            wrong.Add(nameof(options.Secrets), "null", $"a source, since tool {needy.Name} needs the secret {needy.Options.Secrets.First()}");
        }
    }

    /// <summary>The adapter's own settings replace the pool's, so a different value in the pool's settings would be ignored: such a value is a fault.</summary>
    private static void CheckSaidTwice(OptionFaults wrong, EnclaveOptions options, WorkerPoolOptions used)
    {
        if (options.WorkerPool is not { } pool || options.Adapter == EnclaveAdapter.Embedded) return;
        WorkerPoolOptions preset = WorkerPoolPresets.For(options.SecurityLevel), standard = new();
        Compare(nameof(pool.MinWorkers), (one) => one.MinWorkers);
        Compare(nameof(pool.MaxWorkers), (one) => one.MaxWorkers);
        Compare(nameof(pool.MemoryLimitPerWorker), (one) => one.MemoryLimitPerWorker);
        Compare(nameof(pool.MaxExecutionsPerWorker), (one) => one.MaxExecutionsPerWorker);
        Compare(nameof(pool.IdleTimeout), (one) => one.IdleTimeout);

        void Compare<T>(string option, Func<WorkerPoolOptions, T> value)
            where T : struct, IEquatable<T>
        {
            T given = value(pool), own = value(used);
            // Options do not record whether they were set. A value that differs from the default was set.
            if (!given.Equals(own) && !given.Equals(value(preset)) && !given.Equals(value(standard)))
                wrong.Add($"WorkerPool.{option}", $"{given}", $"{own} or left out, since the adapter's {PoolAdapterOptions.Replacing(option)} is {own}");
        }
    }

    private static void Check(OptionFaults wrong, AuditOptions? audit)
    {
        if (audit is null) return;
        ArgumentNullException.ThrowIfNull(audit.Sink);
        wrong.Defined("Audit.Arguments", audit.Arguments);
        wrong.Defined("Audit.WhenFull", audit.WhenFull);
        wrong.Range("Audit.MaxArgumentBytes", audit.MaxArgumentBytes, 0, 1 << 20, "bytes");
        wrong.Range("Audit.QueueSize", audit.QueueSize, 1, 1_000_000);
        wrong.Range("Audit.FlushTimeout", audit.FlushTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    public static void Check(WorkerPoolOptions pool)
    {
        var wrong = new OptionFaults();
        Check(wrong, pool);
        wrong.Throw();
    }

    private static void Check(OptionFaults wrong, WorkerPoolOptions pool)
    {
        wrong.Range(nameof(pool.MaxWorkers), pool.MaxWorkers, 1, 2000);
        wrong.Range(nameof(pool.MinWorkers), pool.MinWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers: lower MinWorkers, or raise MaxWorkers");
        wrong.Range(nameof(pool.SpareWorkers), pool.SpareWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers: lower SpareWorkers, or raise MaxWorkers");
        wrong.Range(nameof(pool.MemoryLimitPerWorker), pool.MemoryLimitPerWorker, 16L << 20, 16L << 30, "bytes");
        wrong.Range(nameof(pool.MaxExecutionsPerWorker), pool.MaxExecutionsPerWorker, 1, 1_000_000);
        wrong.Range(nameof(pool.MaxQueueSize), pool.MaxQueueSize, 0, 100_000);
        wrong.Range(nameof(pool.MaxParkedRuns), pool.MaxParkedRuns, 0, 100_000);
        wrong.Range(nameof(pool.MaxMessagesPerSecond), pool.MaxMessagesPerSecond, 1, 1_000_000);
        wrong.Range(nameof(pool.MaxPendingToolCalls), pool.MaxPendingToolCalls, 1, ProtocolLimits.MaxPendingToolCalls);
        wrong.Range(nameof(pool.MaxMessageBytes), pool.MaxMessageBytes, 64 << 10, 64 << 20, "bytes");
        wrong.Range(nameof(pool.HostMemoryLimitPerRun), pool.HostMemoryLimitPerRun, 1L << 20, 16L << 30, "bytes");
        wrong.Range(nameof(pool.HostMemoryLimit), pool.HostMemoryLimit, 2 * (pool.HostMemoryLimitPerRun ?? 1L << 20), 1L << 40,
            "bytes; the lower end is twice HostMemoryLimitPerRun");
        wrong.Range(nameof(pool.MaxQueuedPerTenant), pool.MaxQueuedPerTenant, 0, pool.MaxQueueSize, "the upper end is MaxQueueSize");
        wrong.Range(nameof(pool.MaxWorkersPerTenant), pool.MaxWorkersPerTenant, 1, pool.MaxWorkers, "the upper end is MaxWorkers");
        wrong.Range(nameof(pool.MaxWorkerAge), pool.MaxWorkerAge, TimeSpan.FromSeconds(1), s_month);
        wrong.Range(nameof(pool.QueueTimeout), pool.QueueTimeout, s_millisecond, s_day);
        wrong.Range(nameof(pool.IdleTimeout), pool.IdleTimeout, TimeSpan.FromMilliseconds(100), s_month);
        wrong.Range(nameof(pool.GracefulShutdownTimeout), pool.GracefulShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        wrong.Range(nameof(pool.StartTimeout), pool.StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
    }

    /// <summary>True if a text can be the id of a run. Ids appear in logs and traces, so their characters are limited.</summary>
    private static bool IsRunId(string text) =>
        text.Length is > 0 and <= MaxRunIdCharacters && text.All((c) => char.IsAsciiLetterOrDigit(c) || "_-.:".Contains(c));

    public static void Check(RunOptions options, WorkerPoolOptions pool)
    {
        var wrong = new OptionFaults();
        Check(wrong, options, pool);
        wrong.Throw();
    }

    private static void Check(OptionFaults wrong, RunOptions options, WorkerPoolOptions pool)
    {
        CheckTimeAndMemory(wrong, options, pool);
        CheckCounted(wrong, options);
        CheckConsoleBytes(wrong, options, pool);
        wrong.Range(nameof(options.MaxBufferedEvents), options.MaxBufferedEvents, 16, 1_000_000);
        wrong.Range(nameof(options.MaxBufferedEventBytes), options.MaxBufferedEventBytes, 64 << 10, 1 << 30, "bytes");
        if (options.SourceName is { } name) wrong.Range("SourceName.Length", name.Length, 1, 200, "characters");
        if (options.Key is { } key) wrong.Range("Key.Length", key.Length, 1, 200, "characters");
        if (options.Durable is { } durable) wrong.Range("Durable.Length", durable.Length, 1, 200, "characters");
        foreach (IRunFeature feature in RunFeatures.Of(options)) feature.Check(wrong, options);
        if (options.Conversation is { } talk) wrong.Range("Conversation.Length", talk.Length, 1, 200, "characters");
        if (options.RunId is { } id && !IsRunId(id))
            wrong.Add(nameof(options.RunId), $"a text of {id.Length} characters", $"1 to {MaxRunIdCharacters} ASCII letters, digits and _ - . :");
        // Stores keep names in UTF-8: two that differ in their lone surrogates would be one.
        if (options.Durable is null && options.Conversation is null) return;
        CheckName(wrong, nameof(options.Durable), options.Durable);
        CheckName(wrong, nameof(options.Conversation), options.Conversation);
        CheckName(wrong, nameof(options.Tenant), options.Tenant);
    }

    private static void CheckName(OptionFaults wrong, string option, string? name)
    {
        if (name is not null && !Utf16.IsWellFormed(name)) wrong.Add(option, "a text with a lone surrogate", "a text without one, where a store keeps it");
    }

    private static void CheckTimeAndMemory(OptionFaults wrong, LimitOptions limits, WorkerPoolOptions pool)
    {
        wrong.Range(nameof(limits.Timeout), limits.Timeout, s_millisecond, s_day);
        wrong.Range(nameof(limits.CpuTimeout), limits.CpuTimeout, s_millisecond, s_day);
        wrong.Range(nameof(limits.MemoryLimit), limits.MemoryLimit, LimitOptions.LeastMemory, pool.MemoryLimitPerWorker,
            "bytes; the upper end is MemoryLimitPerWorker");
    }

    private static void CheckCounted(OptionFaults wrong, LimitOptions limits)
    {
        wrong.Range(nameof(limits.MaxToolCalls), limits.MaxToolCalls, 0, LimitOptions.MostToolCalls);
        wrong.Range(nameof(limits.MaxIterations), limits.MaxIterations, 1, LimitOptions.MostIterations);
        wrong.Range(nameof(limits.MaxConsoleCalls), limits.MaxConsoleCalls, 0, LimitOptions.MostConsoleCalls);
    }

    /// <summary>
    /// One line may use the whole budget, and must fit into a message with other fields. A session can only lower the limit, and has a range of its own.
    /// </summary>
    private static void CheckConsoleBytes(OptionFaults wrong, LimitOptions limits, WorkerPoolOptions pool) =>
        wrong.Range(nameof(limits.MaxConsoleBytes), limits.MaxConsoleBytes, 0, pool.MaxMessageBytes / 2, "bytes; the upper end is half of MaxMessageBytes");

    public static void Check(EnclaveSessionOptions options, WorkerPoolOptions pool)
    {
        var wrong = new OptionFaults();
        if (options.Run is { } run) Check(wrong, run, pool);
        wrong.Range(nameof(options.Ttl), options.Ttl, s_millisecond, s_day);
        CheckCounted(wrong, new LimitOptions(options));
        wrong.Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, LimitOptions.MostSessionBytes, "bytes");
        wrong.Range(nameof(options.MaxToolResultBytes), options.MaxToolResultBytes, 1, LimitOptions.MostSessionBytes, "bytes");
        wrong.Range(nameof(options.ToolTimeout), options.ToolTimeout, s_millisecond, s_day);
        if (options.HeartbeatInterval != Timeout.InfiniteTimeSpan)
            wrong.Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), s_day);
        wrong.Throw();
    }
}
