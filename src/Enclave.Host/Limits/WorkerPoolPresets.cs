namespace Enclave;

/// <summary>The documented pool presets, one for each level.</summary>
public static class WorkerPoolPresets
{
    /// <summary>2 to 4 workers of 64 MB, 100 jobs each.</summary>
    public static WorkerPoolOptions Strict { get; } = new()
    {
        MinWorkers = 2,
        MaxWorkers = 4,
        MemoryLimitPerWorker = 64L << 20,
        MaxExecutionsPerWorker = 100,
        MaxQueueSize = 20,
        MaxMessagesPerSecond = 100,
        QueueTimeout = TimeSpan.FromSeconds(10),
        IdleTimeout = TimeSpan.FromSeconds(15),
        GracefulShutdownTimeout = TimeSpan.FromSeconds(2),
        MaxPendingToolCalls = 10,
        MaxMessageBytes = 1 << 20,
        MaxWorkerAge = TimeSpan.FromMinutes(15),
    };

    /// <summary>2 to 8 workers of 128 MB, 500 jobs each.</summary>
    public static WorkerPoolOptions Secure { get; } = new()
    {
        MinWorkers = 2,
        MaxWorkers = 8,
        MemoryLimitPerWorker = 128L << 20,
        MaxExecutionsPerWorker = 500,
        MaxQueueSize = 50,
        MaxMessagesPerSecond = 500,
        QueueTimeout = TimeSpan.FromSeconds(20),
        IdleTimeout = TimeSpan.FromSeconds(30),
        GracefulShutdownTimeout = TimeSpan.FromSeconds(3),
        MaxPendingToolCalls = 50,
        MaxMessageBytes = 4 << 20,
        MaxWorkerAge = TimeSpan.FromHours(1),
    };

    /// <summary>2 to 16 workers of 256 MB, 1000 jobs each.</summary>
    public static WorkerPoolOptions Standard { get; } = new();

    /// <summary>4 to 32 workers of 512 MB, 5000 jobs each.</summary>
    public static WorkerPoolOptions Permissive { get; } = new()
    {
        MinWorkers = 4,
        MaxWorkers = 32,
        MemoryLimitPerWorker = 512L << 20,
        MaxExecutionsPerWorker = 5000,
        MaxQueueSize = 500,
        MaxMessagesPerSecond = 5000,
        QueueTimeout = TimeSpan.FromSeconds(60),
        IdleTimeout = TimeSpan.FromSeconds(60),
        GracefulShutdownTimeout = TimeSpan.FromSeconds(10),
        MaxPendingToolCalls = 1000,
        MaxMessageBytes = 64 << 20,
        MaxWorkerAge = TimeSpan.FromHours(24),
    };

    /// <summary>The preset of a level.</summary>
    public static WorkerPoolOptions For(SecurityLevel level) => level switch
    {
        SecurityLevel.Strict => Strict,
        SecurityLevel.Secure => Secure,
        SecurityLevel.Standard => Standard,
        SecurityLevel.Permissive => Permissive,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "SecurityLevel is Strict, Secure, Standard or Permissive."),
    };
}
