namespace Enclave.Limits;

/// <summary>Ranges of options. A fault names the key, the value and the range.</summary>
internal static class OptionsCheck
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_month = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    public static void Check(EnclaveOptions options)
    {
        Defined(nameof(EnclaveOptions.SecurityLevel), options.SecurityLevel);
        ArgumentNullException.ThrowIfNull(options.Adapter);
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        ArgumentNullException.ThrowIfNull(options.AllowDegradedIsolation);
        foreach (IsolationLayer layer in options.AllowDegradedIsolation) Defined(nameof(EnclaveOptions.AllowDegradedIsolation), layer);
        WorkerPoolOptions pool = options.Adapter.Resolve(options);
        Check(pool);
        Time(nameof(options.Timeout), options.Timeout, s_millisecond, s_day);
        Time(nameof(options.CpuTimeout), options.CpuTimeout, s_millisecond, s_day);
        Range(nameof(options.MemoryLimit), options.MemoryLimit, 8L << 20, pool.MemoryLimitPerWorker, "bytes; the upper end is MemoryLimitPerWorker");
        Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Range(nameof(options.MaxIterations), options.MaxIterations, 1, 1_000_000_000);
        Range(nameof(options.MaxConsoleCalls), options.MaxConsoleCalls, 0, 10_000_000);
        // One line may be the whole budget, and has to fit into a message beside others.
        Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, pool.MaxMessageBytes / 2, "bytes; the upper end is half of MaxMessageBytes");
    }

    public static void Check(WorkerPoolOptions pool)
    {
        Range(nameof(pool.MaxWorkers), pool.MaxWorkers, 1, 256);
        Range(nameof(pool.MinWorkers), pool.MinWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers");
        Range(nameof(pool.SpareWorkers), pool.SpareWorkers, 0, pool.MaxWorkers, "the upper end is MaxWorkers");
        Range(nameof(pool.MemoryLimitPerWorker), pool.MemoryLimitPerWorker, 16L << 20, 16L << 30, "bytes");
        Range(nameof(pool.MaxExecutionsPerWorker), pool.MaxExecutionsPerWorker, 1, 1_000_000);
        Range(nameof(pool.MaxQueueSize), pool.MaxQueueSize, 0, 100_000);
        Range(nameof(pool.MaxMessagesPerSecond), pool.MaxMessagesPerSecond, 1, 1_000_000);
        Range(nameof(pool.MaxPendingToolCalls), pool.MaxPendingToolCalls, 1, 10_000);
        Range(nameof(pool.MaxMessageBytes), pool.MaxMessageBytes, 64 << 10, 64 << 20, "bytes");
        Range(nameof(pool.MaxQueuedPerTenant), pool.MaxQueuedPerTenant, 0, pool.MaxQueueSize, "the upper end is MaxQueueSize");
        Range(nameof(pool.MaxWorkersPerTenant), pool.MaxWorkersPerTenant, 1, pool.MaxWorkers, "the upper end is MaxWorkers");
        Range(nameof(pool.PrewarmedIsolates), pool.PrewarmedIsolates, 0, 16);
        Time(nameof(pool.MaxWorkerAge), pool.MaxWorkerAge, TimeSpan.FromSeconds(1), s_month);
        Time(nameof(pool.QueueTimeout), pool.QueueTimeout, s_millisecond, s_day);
        Time(nameof(pool.IdleTimeout), pool.IdleTimeout, TimeSpan.FromMilliseconds(100), s_month);
        Time(nameof(pool.GracefulShutdownTimeout), pool.GracefulShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        Time(nameof(pool.StartTimeout), pool.StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
    }

    public static void Check(RunOptions options, WorkerPoolOptions pool)
    {
        Time(nameof(options.Timeout), options.Timeout, s_millisecond, s_day);
        Time(nameof(options.CpuTimeout), options.CpuTimeout, s_millisecond, s_day);
        Range(nameof(options.MemoryLimit), options.MemoryLimit, 8L << 20, pool.MemoryLimitPerWorker, "bytes; the upper end is MemoryLimitPerWorker");
        Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Range(nameof(options.MaxIterations), options.MaxIterations, 1, 1_000_000_000);
        Range(nameof(options.MaxConsoleCalls), options.MaxConsoleCalls, 0, 10_000_000);
        Range(nameof(options.MaxConsoleBytes), options.MaxConsoleBytes, 0, pool.MaxMessageBytes / 2, "bytes; the upper end is half of MaxMessageBytes");
        if (options.SourceName is { } name) Range("SourceName.Length", name.Length, 1, 200, "characters");
    }

    private static void Range(string key, long? value, long min, long max, string? unit = null)
    {
        if (value is { } given && (given < min || given > max)) throw Fault(key, given.ToString(), $"{min} to {max}{(unit is null ? "" : $" ({unit})")}");
    }

    private static void Time(string key, TimeSpan? value, TimeSpan min, TimeSpan max)
    {
        if (value is { } given && (given < min || given > max)) throw Fault(key, given.ToString("c"), $"{min:c} to {max:c}");
    }

    private static void Defined<T>(string key, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Fault(key, value.ToString(), string.Join(", ", Enum.GetNames<T>()));
    }

    private static ArgumentException Fault(string key, string value, string range) => new($"{key} is {value}; its range is {range}.", key);
}
