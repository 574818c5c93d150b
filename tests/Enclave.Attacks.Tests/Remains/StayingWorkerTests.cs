using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Remains;

/// <summary>A worker that resets itself stays. A C library or a kernel that changes memory behind its back makes each comparison accuse it.</summary>
public sealed class StayingWorkerTests
{
    /// <summary>
    /// The C library keeps some state in pages that the kernel wipes at each fork, or drops when memory is short (MADV_WIPEONFORK, MAP_DROPPABLE): <c>wf</c>
    /// and <c>dp</c> in proc(5). Such a page of a nursery is missing in each of its workers.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task The_kernel_wipes_or_drops_no_page_of_a_worker_or_of_its_nursery(SecurityLevel level)
    {
        Assert.SkipUnless(Machine.This.IsRoot, "this host may not read its workers' mappings");
        await using LiveWorker worker = await LiveWorker.At(level, (options) => options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>());

        foreach (int pid in new[] { worker.Pid, ProcessTable.NurseryOf(worker.Pid) })
        {
            string[] flags = [.. File.ReadLines($"/proc/{pid}/smaps").Where((line) => line.StartsWith("VmFlags:", StringComparison.Ordinal))];
            Assert.NotEmpty(flags);
            Assert.DoesNotContain(flags, (line) => line.Split(' ').Any((flag) => flag is "wf" or "dp"));
        }
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Forty_jobs_of_one_worker_stay_on_it(SecurityLevel level)
    {
        const int Jobs = 40;
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            ResetComparison = ResetComparison.EveryRun,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxExecutionsPerWorker = 1_000 },
        };
        await using var host = new EnclaveHost(options.WithoutGuard());

        var workers = new List<int>();
        for (int i = 0; i < Jobs; i++)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync($"return crypto.getRandomValues(new Uint8Array(64)).length + {i}"), "answer of a job");
            Assert.Equal(64 + i, result.Success ? result.Value.AsInt64() : throw new InvalidOperationException(result.Error?.Message));
            workers.Add(result.Stats.WorkerId);
        }

        Assert.Equal(Enumerable.Repeat(1, Jobs), workers);
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }
}
