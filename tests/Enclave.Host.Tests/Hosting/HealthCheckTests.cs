using Enclave.DependencyInjection;
using Enclave.Isolation;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Enclave.Host.Tests.Hosting;

/// <summary>The reports to an orchestrator.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Warm_workers_are_healthy_and_a_disposed_host_is_not()
    {
        TestedEngine.NeedsNative("a jail: its hosts are degraded");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEnclave((options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1 };
        }).AddHealthCheck();
        await using ServiceProvider provider = services.BuildServiceProvider();
        var host = provider.GetRequiredService<EnclaveHost>();
        await Within.Deadline(host.WarmUpAsync(), "warm worker");
        var health = provider.GetRequiredService<HealthCheckService>();

        HealthReportEntry warm = (await health.CheckHealthAsync((check) => check.Tags.Contains("ready"))).Entries["enclave"];
        await host.DisposeAsync();
        HealthReportEntry gone = (await health.CheckHealthAsync()).Entries["enclave"];

        Assert.Equal((HealthStatus.Healthy, 1), (warm.Status, warm.Data["idle"]));
        Assert.Equal((HealthStatus.Unhealthy, "the host is disposed"), (gone.Status, gone.Description));
    }

    [Fact]
    public async Task Workers_that_do_not_start_are_a_degradation_that_says_why_and_passes()
    {
        var time = new ManualClock();
        var launcher = new TestLauncher(
            TestLauncher.Command("/bin/false"), TestLauncher.Command("/bin/false"), TestLauncher.Command("/bin/false"), TestLauncher.Real());
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 },
            TimeProvider = time,
        };
        await using var host = new EnclaveHost(options, null, launcher);
        await Within.Becomes(() => host.GetSnapshot().LastStartFailure is not null, "the first start failed");
        HealthCheckResult once = await Check(host);
        while (!host.GetSnapshot().IsCrashLooping)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        HealthCheckResult looping = await Check(host);
        await Within.Becomes(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return host.GetSnapshot().IdleWorkers == 1;
            },
            "a worker started at last");

        Assert.Equal(HealthStatus.Degraded, once.Status);
        Assert.Contains("start", once.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, looping.Status);
        Assert.StartsWith("starting workers fails again and again: ", looping.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await Check(host)).Status);
    }

    [Fact]
    public async Task Workers_that_cannot_put_on_a_mandatory_layer_are_unhealthy_and_the_layer_is_named()
    {
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, [])
            .Without([.. Enum.GetValues<IsolationLayer>().Where((layer) => layer != IsolationLayer.Seccomp)]);
        await using var host = new EnclaveHost(new EnclaveOptions(), null, new TestLauncher(new ConfinedLauncher(plan, "hello", "ready-claiming:", "read-on")));
        HealthCheckResult before = await Check(host);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");
        HealthCheckResult after = await Check(host);

        Assert.Equal(ErrorCode.IsolationUnavailable, result.Error!.Code);
        Assert.Equal(HealthStatus.Healthy, before.Status);
        Assert.Equal(HealthStatus.Unhealthy, after.Status);
        Assert.Contains("Seccomp could not be put on", after.Description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> Check(EnclaveHost host)
    {
        var check = new EnclaveHealthCheck(host);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("enclave", check, null, null) });
    }
}
