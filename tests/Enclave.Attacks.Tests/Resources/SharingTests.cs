using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Many tenants ask for much at once, and one asks for little. Runs alone, because it fills the machine.</summary>
[Collection(Alone.Name)]
public sealed class SharingTests
{
    [Fact]
    public async Task R15_Spinning_tenants_leave_time_for_an_honest_one()
    {
        const int Jobs = 30;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Secure with { MinWorkers = 3, MaxWorkers = 4, StartTimeout = TimeSpan.FromSeconds(20), MaxWorkersPerTenant = 1 },
            Timeout = TimeSpan.FromMinutes(2),
        }.WithoutGuard());
        await host.WarmUpAsync();
        await Honest();
        TimeSpan alone = await Median();
        using var end = new CancellationTokenSource();
        Task<ExecutionResult>[] spinners =
            [.. Enumerable.Range(0, 2).Select((i) => host.RunAsync("for(;;){}", new RunOptions { Tenant = $"spinner {i}" }, end.Token))];
        await Within.Becomes(() => host.GetSnapshot().ActiveWorkers == 2, "both spinners spun");

        TimeSpan beside = await Median();

        // Three times as long is promised. The test allows ten times that, and a slice for other work on a busy machine.
        Assert.True(beside < (30 * alone) + TimeSpan.FromMilliseconds(100),
            $"{alone.TotalMilliseconds:0.0} ms alone, {beside.TotalMilliseconds:0.0} ms beside the spinners");
        Assert.All(spinners, (spinner) => Assert.False(spinner.IsCompleted));
        await Within.Becomes(() => host.GetSnapshot().ActiveWorkers == 2, "the honest tenant's worker had been reset and waited");
        await end.CancelAsync();
        foreach (Task<ExecutionResult> spinner in spinners)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(spinner, "end of a spinner"));

        async Task<TimeSpan> Median()
        {
            var times = new List<TimeSpan>();
            for (int i = 0; i < Jobs; i++)
            {
                long started = Stopwatch.GetTimestamp();
                await Honest();
                times.Add(Stopwatch.GetElapsedTime(started));
            }

            return times.Order().ElementAt(Jobs / 2);
        }

        async Task Honest()
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(
                "let n = 0; for (let i = 0; i < 1000; i++) n += i; return n;", new RunOptions { Tenant = "honest" }), "answer for the honest tenant");
            Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        }
    }

    [Fact]
    public async Task R16_All_workers_at_their_limit_at_once_take_only_themselves()
    {
        // Each script's memory is bounded. If the kernel ends one, it names the owner of the memory.
        string[] bombs =
        [
            "const a = []; for(;;) a.push(new Array(1e4).fill(1.1));",
            "const s = 'x'.padEnd(2 ** 28); return s.charCodeAt(5) + s.trim().length;",
            "return '1'.repeat(2 ** 27).split('').length;",
            "const m = new Map(); for(let i = 0;; i++) m.set(i, [i]);",
        ];
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 4,
                MaxWorkers = 4,
                StartTimeout = TimeSpan.FromSeconds(20),
                QueueTimeout = TimeSpan.FromMinutes(2),
            },
            Timeout = TimeSpan.FromMinutes(2),
        }.WithoutGuard());
        await host.WarmUpAsync();

        for (int round = 0; round < TestSize.Of(2, 20); round++)
        {
            ExecutionResult[] results = await Task.WhenAll(bombs.Select((bomb) => host.RunAsync(bomb)));
            Assert.All(results, (result) => Assert.True(
                result.Error?.Code == ErrorCode.MemoryLimitExceeded, $"{result.Error?.Code} {result.Error?.Message} {result.Value}"));
        }

        ExecutionResult[] after = await Within.Deadline(
            Task.WhenAll(Enumerable.Range(0, 8).Select((i) => host.RunAsync($"return {i}", new RunOptions { Timeout = TimeSpan.FromSeconds(20) }))),
            "eight answers after the bombs");
        Assert.All(after, (result) => Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}"));
    }

    [Fact]
    public async Task R16_A_worker_that_its_control_group_ends_met_its_memory()
    {
        // Only the group's limit is left: no other limit of the worker is set here, and the script may use all of it.
        var plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []);
        Assert.SkipUnless(plan.Machine.ControlGroups.IsUsable, $"no control group can be made here: {plan.Machine.ControlGroups.Detail}");
        var launcher = new TestLauncher(
            TestLauncher.Real(plan.Without(IsolationLayer.ResourceLimits), new WorkerBudget(0, 0, GroupBytes: 64 * Assault.Megabyte)));
        await using var host = new EnclaveHost(
            new EnclaveOptions { MemoryLimit = 256 * Assault.Megabyte, Timeout = TimeSpan.FromMinutes(2) }.WithoutGuard(),
            null,
            launcher);

        ExecutionResult result = await host.RunAsync("const a = []; for(;;) a.push(new Uint8Array(4 << 20).fill(1));");

        Assert.True(result.Error?.Code == ErrorCode.MemoryLimitExceeded,
            $"{result.Error?.Code} {result.Error?.Message} {result.Value}; isolation: {result.Stats.Isolation}");
        Assert.Equal(137, result.Error!.Data!["exit"]);
        Assert.Contains("control group", result.Error.Message, StringComparison.Ordinal);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "next answer")).Success);
    }
}
