using Enclave.Guard.Options;
using Enclave.Isolation;

namespace Enclave.Limits;

/// <summary>
/// The limits of the security levels. A test compares its figures with docs/levels.md. Layers of isolation and V8's flags stand in
/// <see cref="IsolationTable"/>. The guard, which also works without a host, has its own table: <see cref="LevelRow.Guard"/> names the row of a level there.
/// </summary>
internal static class LevelTable
{
    private const int Kilobyte = 1 << 10, Megabyte = 1 << 20;

    private const long Gigabyte = 1 << 30;

    /// <summary>
    /// WebAssembly is another compiler. Growable shared buffers use memory past the counting allocator (Bootstrap/buffers.js refuses the others).
    /// </summary>
    private static readonly string[] s_removed = ["WebAssembly", "SharedArrayBuffer"];

    /// <summary>Weak references reveal collections, and Atomics can serve as a clock.</summary>
    private static readonly string[] s_hardened = [.. s_removed, "Atomics", "WeakRef", "FinalizationRegistry"];

    public static LevelRow Strict { get; } = new()
    {
        Level = SecurityLevel.Strict,
        Guard = GuardLevel.Strict,
        HasSequencePolicy = true,
        Run = new LevelLimits
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxIterations = 1000,
            MaxToolCalls = 10,
            MaxConsoleCalls = 100,
            MaxConsoleBytes = 64 * Kilobyte,
            MaxValueDepth = 20,
            MaxValueProperties = 10_000,
            KillGrace = TimeSpan.Zero,
            RemovedGlobals = s_hardened,
            ResetComparison = ResetComparison.EveryRun,
            OneTenantPerWorker = true,
            ClockStep = TimeSpan.FromMilliseconds(100),
        },
        Pool = new WorkerPoolOptions
        {
            MinWorkers = 2,
            MaxWorkers = 4,
            MemoryLimitPerWorker = 64 * Megabyte,
            MaxExecutionsPerWorker = 100,
            MaxQueueSize = 20,
            MaxMessagesPerSecond = 100,
            QueueTimeout = TimeSpan.FromSeconds(10),
            IdleTimeout = TimeSpan.FromSeconds(15),
            GracefulShutdownTimeout = TimeSpan.FromSeconds(2),
            MaxPendingToolCalls = 10,
            MaxMessageBytes = Megabyte,
            MaxWorkerAge = TimeSpan.FromMinutes(15),
        },
        Sidecar = new(64 * Kilobyte, 4 * Megabyte, 16 * Megabyte, 50, 8 * Megabyte, 5),
    };

    public static LevelRow Secure { get; } = new()
    {
        Level = SecurityLevel.Secure,
        Guard = GuardLevel.Secure,
        Run = Strict.Run with
        {
            Timeout = TimeSpan.FromSeconds(15),
            MaxIterations = 5000,
            MaxToolCalls = 50,
            MaxConsoleCalls = 500,
            MaxConsoleBytes = 256 * Kilobyte,
            KillGrace = TimeSpan.FromMilliseconds(25),
            ResetComparison = ResetComparison.Sampled,
        },
        Pool = new WorkerPoolOptions
        {
            MinWorkers = 2,
            MaxWorkers = 8,
            MemoryLimitPerWorker = 128 * Megabyte,
            MaxExecutionsPerWorker = 500,
            MaxQueueSize = 50,
            MaxMessagesPerSecond = 500,
            QueueTimeout = TimeSpan.FromSeconds(20),
            IdleTimeout = TimeSpan.FromSeconds(30),
            GracefulShutdownTimeout = TimeSpan.FromSeconds(3),
            MaxPendingToolCalls = 50,
            MaxMessageBytes = 4 * Megabyte,
            MaxWorkerAge = TimeSpan.FromHours(1),
        },
        Sidecar = new(256 * Kilobyte, 16 * Megabyte, 64 * Megabyte, 100, 32 * Megabyte, 10),
    };

    public static LevelRow Standard { get; } = new()
    {
        Level = SecurityLevel.Standard,
        Guard = GuardLevel.Standard,
        Run = new LevelLimits
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxIterations = 10_000,
            MaxToolCalls = 100,
            MaxConsoleCalls = 1000,
            MaxConsoleBytes = Megabyte,
            MaxValueDepth = 50,
            MaxValueProperties = 100_000,
            KillGrace = TimeSpan.FromMilliseconds(50),
            RemovedGlobals = s_removed,
            OneTenantPerWorker = false,
            ClockStep = TimeSpan.FromMilliseconds(1),
        },
        // The defaults of the options are this level's.
        Pool = new WorkerPoolOptions(),
        Sidecar = new(Megabyte, 64 * Megabyte, 256 * Megabyte, 500, 128 * Megabyte, 20),
    };

    public static LevelRow Permissive { get; } = new()
    {
        Level = SecurityLevel.Permissive,
        Guard = GuardLevel.Permissive,
        Run = Standard.Run with
        {
            Timeout = TimeSpan.FromSeconds(60),
            MaxIterations = 100_000,
            MaxToolCalls = 1000,
            MaxConsoleCalls = 10_000,
            MaxConsoleBytes = 10 * Megabyte,
            MaxValueDepth = 100,
            MaxValueProperties = 1_000_000,
            KillGrace = TimeSpan.FromMilliseconds(100),
        },
        Pool = new WorkerPoolOptions
        {
            MinWorkers = 4,
            MaxWorkers = 32,
            MemoryLimitPerWorker = 512 * Megabyte,
            MaxExecutionsPerWorker = 5000,
            MaxQueueSize = 500,
            MaxMessagesPerSecond = 5000,
            QueueTimeout = TimeSpan.FromSeconds(60),
            IdleTimeout = TimeSpan.FromSeconds(60),
            GracefulShutdownTimeout = TimeSpan.FromSeconds(10),
            MaxPendingToolCalls = 1000,
            MaxMessageBytes = 64 * Megabyte,
            MaxWorkerAge = TimeSpan.FromHours(24),
        },
        Sidecar = new(4 * Megabyte, 256 * Megabyte, Gigabyte, 1000, 512 * Megabyte, 50),
    };

    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static LevelRow Of(SecurityLevel level) => level switch
    {
        SecurityLevel.Strict => Strict,
        SecurityLevel.Secure => Secure,
        SecurityLevel.Standard => Standard,
        SecurityLevel.Permissive => Permissive,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "SecurityLevel is Strict, Secure, Standard or Permissive."),
    };
}
