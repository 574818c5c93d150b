using Enclave.Guard;
using Enclave.Isolation;
using Enclave.Runs;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>An error about an option out of range names key, value and range. Defaults are the documented ones.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, EnclaveOptions> Wrong => new()
    {
        { "Timeout is 00:00:00", new() { Timeout = TimeSpan.Zero } },
        { "Timeout is 2.00:00:00", new() { Timeout = TimeSpan.FromDays(2) } },
        { "CpuTimeout is", new() { CpuTimeout = TimeSpan.FromTicks(1) } },
        { "GuardCacheBytes is -1; its range is 0 to 4294967296 (bytes)", new() { GuardCacheBytes = -1 } },
        { "MemoryLimit is 1048576", new() { MemoryLimit = 1 << 20 } },
        { "MemoryLimit is 536870912; its range is 8388608 to 268435456", new() { MemoryLimit = 512L << 20 } },
        { "MaxToolCalls is -1", new() { MaxToolCalls = -1 } },
        { "MaxIterations is 0", new() { MaxIterations = 0 } },
        { "MaxConsoleCalls is -1", new() { MaxConsoleCalls = -1 } },
        { "MaxConsoleBytes is -1", new() { MaxConsoleBytes = -1 } },
        { "MaxConsoleBytes is 9000000; its range is 0 to 8388608", new() { MaxConsoleBytes = 9_000_000 } },
        { "SecurityLevel is 9", new() { SecurityLevel = (SecurityLevel)9 } },
        { "AllowDegradedIsolation is 77", new() { AllowDegradedIsolation = [(IsolationLayer)77] } },
        { "MaxWorkers is 0", Pool(new() { MaxWorkers = 0 }) },
        { "MinWorkers is 17; its range is 0 to 16 (the upper end is MaxWorkers: lower MinWorkers, or raise MaxWorkers)", Pool(new() { MinWorkers = 17 }) },
        { "MinWorkers is 17; its range is 0 to 16", new() { WorkerPool = new() { MinWorkers = 17 } } },
        { "MinWorkers is 2; its range is 0 to 1", new() { Adapter = EnclaveAdapter.Embedded, WorkerPool = new() { MaxWorkers = 1 } } },
        { "WorkerPool.MaxWorkers is 16; expected 1 with the adapter Embedded", new() { Adapter = EnclaveAdapter.Embedded, WorkerPool = new() } },
        { "WorkerPool.MaxWorkers is 7; expected 3 or left out, since the adapter's PoolSize is 3", Fixed(new() { MaxWorkers = 7 }) },
        { "WorkerPool.MinWorkers is 1; expected 3 or left out", Fixed(new() { MinWorkers = 1 }) },
        { "WorkerPool.MemoryLimitPerWorker is 100000000; expected 134217728 or left out", Fixed(new() { MemoryLimitPerWorker = 100_000_000 }) },
        { "MaxQueueSize is -1", Pool(new() { MaxQueueSize = -1 }) },
        { "MaxMessageBytes is 1", Pool(new() { MaxMessageBytes = 1 }) },
        { "MaxMessagesPerSecond is 0", Pool(new() { MaxMessagesPerSecond = 0 }) },
        { "QueueTimeout is 00:00:00", Pool(new() { QueueTimeout = TimeSpan.Zero }) },
        { "MaxWorkersPerTenant is 0", Pool(new() { MaxWorkersPerTenant = 0 }) },
        { "is reserved", new() { Globals = new Dictionary<string, object?> { ["callTool"] = 1 } } },
        { "is reserved", new() { Globals = new Dictionary<string, object?> { ["__proto__"] = 1 } } },
        { "a word of the language", new() { Globals = new Dictionary<string, object?> { ["eval"] = 1 } } },
        { "a word of the language", new() { Globals = new Dictionary<string, object?> { ["arguments"] = 1 } } },
        { "a word of the language", new() { Globals = new Dictionary<string, object?> { ["class"] = 1 } } },
        { "a word of the language", new() { Globals = new Dictionary<string, object?> { ["yield"] = 1 } } },
        { "named by an identifier", new() { Globals = new Dictionary<string, object?> { ["a b"] = 1 } } },
        { "Globals[\"f\"] is not data", new() { Globals = new Dictionary<string, object?> { ["f"] = () => 1 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named(string message, EnclaveOptions options)
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => new EnclaveHost(options));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runs_wrong_option_is_named_and_costs_nothing()
    {
        await using var host = new EnclaveHost();

        var fault = await Assert.ThrowsAnyAsync<ArgumentException>(() => host.RunAsync("return 1", new RunOptions { MemoryLimit = 1L << 30 }));

        Assert.Contains("MemoryLimit is 1073741824; its range is 8388608 to 268435456 (bytes; the upper end is MemoryLimitPerWorker)", fault.Message,
            StringComparison.Ordinal);
        Assert.Equal(0, host.GetSnapshot().Submitted);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, 2, 4, 64, 100, 20, 100, 10, 15, 2)]
    [InlineData(SecurityLevel.Secure, 2, 8, 128, 500, 50, 500, 20, 30, 3)]
    [InlineData(SecurityLevel.Standard, 2, 16, 256, 1000, 100, 1000, 30, 30, 5)]
    [InlineData(SecurityLevel.Permissive, 4, 32, 512, 5000, 500, 5000, 60, 60, 10)]
    public void Presets_are_the_documented_ones(
        SecurityLevel level, int min, int max, int memory, int executions, int queue, int messages, int wait, int idle, int shutdown)
    {
        WorkerPoolOptions preset = WorkerPoolPresets.For(level);

        Assert.Equal((min, max, (long)memory << 20, executions, queue), (
            preset.MinWorkers, preset.MaxWorkers, preset.MemoryLimitPerWorker, preset.MaxExecutionsPerWorker, preset.MaxQueueSize));
        Assert.Equal((messages, wait, idle, shutdown), (preset.MaxMessagesPerSecond, (int)preset.QueueTimeout.TotalSeconds,
            (int)preset.IdleTimeout.TotalSeconds, (int)preset.GracefulShutdownTimeout.TotalSeconds));
    }

    [Fact]
    public async Task A_pool_that_is_configured_is_the_adapter_and_without_one_there_is_one_worker()
    {
        await using var pool = new EnclaveHost(new EnclaveOptions { WorkerPool = new() { MinWorkers = 0, MaxWorkers = 3 } });
        await using var embedded = new EnclaveHost();
        await using var named = new EnclaveHost(
            new EnclaveOptions { Adapter = EnclaveAdapter.Embedded, WorkerPool = new() { MinWorkers = 0, MaxWorkers = 1 } });

        Assert.Equal((3, 1, 1), (pool.GetSnapshot().MaxWorkers, embedded.GetSnapshot().MaxWorkers, named.GetSnapshot().MaxWorkers));
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    public void Levels_with_mandatory_layers_do_not_start_without_them(SecurityLevel level)
    {
        Machine poor = Machine.This with
        {
            IsRoot = false,
            CanChangeUser = false,
            Bubblewrap = null,
            BubblewrapFault = "bubblewrap is not installed",
            LandlockAbi = 0,
            HasSeccomp = false
        };
        IsolationPlan plan = IsolationPlan.For(level, poor, []);

        ExecutionError error = FailureText.Isolation(plan);

        string[] missing = ["Seccomp", "FileSystem", "Namespaces", "DroppedUser"];
        Assert.Equal(missing, plan.Missing.Select((layer) => layer.Layer.ToString()));
        Assert.Equal(ErrorCode.IsolationUnavailable, error.Code);
        Assert.Equal(missing, Assert.IsType<string[]>(error.Data!["layers"]));
        Assert.All(["apt-get install -y bubblewrap", "AllowDegradedIsolation", .. missing], (word) => Assert.Contains(
            word, error.Message, StringComparison.Ordinal));
        Assert.Empty(
            IsolationPlan.For(level, poor, [IsolationLayer.Seccomp, IsolationLayer.FileSystem, IsolationLayer.Namespaces, IsolationLayer.DroppedUser]).Missing);
    }

    [Fact]
    public void A_missing_engine_is_named()
    {
        var fault = Assert.Throws<DirectoryNotFoundException>(() => new EnclaveHost(new EnclaveOptions { EngineDirectory = "/nowhere" }));

        Assert.Contains("EngineDirectory is /nowhere, where node is missing", fault.Message, StringComparison.Ordinal);
    }

    private static EnclaveOptions Fixed(WorkerPoolOptions pool) =>
        new() { Adapter = EnclaveAdapter.CreateWorkerPool(new() { PoolSize = 3, MaxWorkerMemory = 128L << 20 }), WorkerPool = pool };

    private static EnclaveOptions Pool(WorkerPoolOptions pool) => new() { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = pool };
}
