using Enclave.Guard;
using Enclave.Isolation;
using Enclave.Runs;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Hosts of all options, with their workers.</summary>
public sealed class StartedHostTests
{
    [Fact]
    public async Task A_host_that_is_refused_after_its_workers_were_started_leaves_none()
    {
        var launcher = new TestLauncher(TestLauncher.Real());
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            Guard = new() { Rules = new Dictionary<string, IssueSeverity?> { ["no-such-rule"] = null } },
        };

        var fault = Assert.Throws<ArgumentException>(() => new EnclaveHost(options, null, launcher));

        Assert.Contains("There is no rule 'no-such-rule'", fault.Message, StringComparison.Ordinal);
        await Within.Becomes(() => launcher.Pids.Length == launcher.Launches, "each start had come to its process");
        Assert.NotEmpty(launcher.Pids);
        await launcher.AssertNoneLeft();
    }

    [Fact]
    public async Task A_fixed_pool_has_exactly_its_size()
    {
        await using var host = new EnclaveHost(
            new EnclaveOptions { Adapter = EnclaveAdapter.CreateWorkerPool(new() { PoolSize = 1, MaxWorkerMemory = 128L << 20 }) });
        await host.WarmUpAsync();

        Assert.Equal(1, host.GetSnapshot().Workers);
    }

    [Fact]
    public async Task The_embedded_adapter_starts_its_worker_on_first_use()
    {
        await using var host = new EnclaveHost();
        Assert.Equal(0, host.GetSnapshot().Workers);

        await host.RunAsync("return 1");

        Assert.Equal(1, host.GetSnapshot().Workers);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Every_level_runs_and_says_what_stands_around_it(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new EnclaveHost(
            new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() }.WithoutGuard());

        ExecutionResult result = await host.RunAsync("return [typeof WeakRef, typeof WebAssembly]");

        Assert.True(result.Success, result.Error?.Message);
        string weak = level == SecurityLevel.Permissive ? "function" : "undefined";
        Assert.Equal($"[\"{weak}\",\"undefined\"]", result.Value.ToJsonString());
        string form = TestedEngine.IsPortable ? "portable" : IsolationPlan.For(level, Machine.This, []).Form switch
        {
            JailForm.Bubblewrap => "bubblewrap",
            JailForm.Landlock => "landlock",
            _ => "process",
        };
        Assert.Equal(form, result.Stats.Isolation.Split(' ')[0]);
        Assert.Equal(host.GetIsolationReport().Workers.MinBy((worker) => worker.WorkerId)!.Tag, result.Stats.Isolation);
    }
}
