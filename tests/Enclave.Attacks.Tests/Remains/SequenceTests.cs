using System.Collections.Concurrent;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Workers of one nursery begin with the same memory. Each of their runs still has its own sequence of random numbers.</summary>
/// <remarks>
/// V8's hash seed is the same in all workers of a nursery (docs/security-model.md). A script does not see it: maps, sets and objects keep the order in which
/// their members came. So no test here compares hash seeds.
/// </remarks>
public sealed class SequenceTests
{
    private const int Jobs = 10_000, Workers = 8, ValuesPerJob = 3;

    [Fact]
    public async Task T1_No_two_runs_of_a_nurserys_workers_share_a_sequence()
    {
        // Each worker serves few jobs, so that many values are the first ones of a new process.
        int executions = TestSize.Of(100, 10);
        var launcher = new TestLauncher(TestLauncher.Real());
        await using var host = new EnclaveHost(
            new EnclaveOptions
            {
                Adapter = EnclaveAdapter.WorkerPool,
                WorkerPool = new WorkerPoolOptions { MinWorkers = Workers, MaxWorkers = Workers, MaxExecutionsPerWorker = executions },
            }.WithoutGuard(),
            null,
            launcher);
        await Values(host);
        int nursery = Nursery(host);
        var seen = new ConcurrentDictionary<double, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Jobs), new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (job, _) =>
        {
            // Values that follow the first one find sequences that differ only in where they begin.
            foreach (double value in await Values(host)) Assert.True(seen.TryAdd(value, job), $"job {job} has the value {value} of job {seen[value]}");
        });

        Assert.Equal(Jobs * ValuesPerJob, seen.Count);
        Assert.InRange(launcher.Launches, Jobs / executions, int.MaxValue);
        Assert.Equal(nursery, Nursery(host));
    }

    private static async Task<double[]> Values(EnclaveHost host)
    {
        ExecutionResult result = await Within.Deadline(host.RunAsync("return [Math.random(), Math.random(), Math.random()]"), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return [.. result.Value.Items.Select((value) => value.AsDouble())];
    }

    /// <summary>The nursery of the workers of now.</summary>
    private static int Nursery(EnclaveHost host) => Assert.Single(
        host.GetIsolationReport().Workers.Select((worker) => ProcessTable.NurseryOf(worker.ProcessId)).Where((nursery) => nursery != 0).Distinct());
}
