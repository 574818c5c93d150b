using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>Runs that wait for tools while their nursery is replaced. Only workers of that nursery can go on with them.</summary>
[Collection(Alone.Name)]
public sealed class ReplacedNurseryTests
{
    private readonly TestGate _gate = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _met;
    private int _first;

    /// <summary>
    /// Each run holds its worker: it has too much memory to leave. So they meet only if all workers of the pool are of the old nursery at the same time.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Standard, 1)]
    [InlineData(SecurityLevel.Strict, 1)]
    [InlineData(SecurityLevel.Strict, 4)]
    public async Task They_go_on_in_as_many_workers_as_the_pool_has(SecurityLevel level, int tenants)
    {
        const int Workers = 4;
        await using (EnclaveHost host = Host(level, Workers, Workers))
        {
            Task<ExecutionResult>[] waiting = await ParkOverReplacement(
                host, Workers, tenants,
                "await callTool('gate', {}); const held = new Uint8Array(4 << 20).fill(7); await callTool('meet', {}); return held.length");

            _gate.Open();

            ExecutionResult[] results = await Within.Deadline(Task.WhenAll(waiting), "answers of the runs of the old nursery");
            Assert.All(results, (result) => Assert.Equal("4194304", result.Success ? result.Value.ToJsonString() : result.Error?.Message));
            Assert.Equal((0, 0), (host.GetSnapshot().ParkedRuns, host.GetSnapshot().QueueDepth));
        }

        await HostTraces.AssertNone();
    }

    /// <summary>More runs than workers meet only if each leaves its worker to the next.</summary>
    [Fact]
    public async Task They_can_leave_again()
    {
        const int Runs = 8, Workers = 2;
        int first;
        await using (EnclaveHost host = Host(SecurityLevel.Standard, Workers, Runs))
        {
            Task<ExecutionResult>[] waiting = await ParkOverReplacement(
                host, Runs, 1, "await callTool('gate', {}); return 'through' + await callTool('meet', {})");
            first = _first;

            _gate.Open();

            ExecutionResult[] results = await Within.Deadline(Task.WhenAll(waiting), "answers of the runs of the old nursery");
            Assert.All(results, (result) => Assert.Equal("\"throughmet\"", result.Success ? result.Value.ToJsonString() : result.Error?.Message));
            await ProcessTable.Gone(first, "a nursery without cells and parked runs");
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task Many_runs_over_many_nurseries_get_their_own_answers()
    {
        int runs = TestSize.Of(60, 1_000);
        TimeSpan patience = TimeSpan.FromMinutes(TestSize.Full ? 8 : 3);
        await using EnclaveHost host = Host(SecurityLevel.Standard, 4, 0, cells: 6, executions: 3, parked: 100);

        Task<ExecutionResult>[] all = [.. Enumerable.Range(0, runs).Select((i) => host.RunAsync(
            "let sum = 0; for (let i = 1; i <= 4; i++) sum += (await callTool('echo', { n: i * mine })).n; return sum",
            new RunOptions { Globals = new Dictionary<string, object?> { ["mine"] = i }, Tenant = $"tenant {i % 3}", Timeout = patience },
            TestContext.Current.CancellationToken))];
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(all), "all answers", patience);

        for (int i = 0; i < runs; i++)
            Assert.Equal($"{i * 10}", results[i].Success ? results[i].Value.ToJsonString() : results[i].Error?.Message);
        Assert.Equal((0, 0), (host.GetSnapshot().ParkedRuns, host.GetSnapshot().QueueDepth));
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }

    /// <summary>Starts runs, which wait at the gate, and then so many others that no worker is of the nursery of the first ones.</summary>
    private async Task<Task<ExecutionResult>[]> ParkOverReplacement(EnclaveHost host, int runs, int tenants, string code)
    {
        Task<ExecutionResult>[] waiting = [.. Enumerable.Range(0, runs).Select((i) => host.RunAsync(
            code, new RunOptions { Tenant = $"tenant {i % tenants}", Timeout = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken))];
        for (int i = 0; i < runs; i++) await _gate.Arrival();
        _first = ProcessTable.NurseryOf(host.GetIsolationReport().Workers[0].ProcessId);
        // By count on a slow machine, and by time on a fast one.
        var time = System.Diagnostics.Stopwatch.StartNew();
        for (int round = 0; round < 200 || time.Elapsed < TimeSpan.FromSeconds(20); round++)
        {
            // Together, so that they need the workers of all runs that wait. They wait too: for runs that compute, the pool needs no more workers than cores.
            ExecutionResult[] others = await Within.Deadline(
                Task.WhenAll(Enumerable.Range(0, 2 * runs).Select((_) => host.RunAsync("return await callTool('pause', {})"))), "answers of other runs");
            Assert.All(others, (result) => Assert.True(result.Success, result.Error?.Message));
            if (host.GetSnapshot().ParkedRuns == runs && host.GetIsolationReport().Workers.All((worker) => ProcessTable.NurseryOf(worker.ProcessId) != _first))
                return waiting;
        }

        IEnumerable<string> nurseries = host.GetIsolationReport().Workers
            .Select((worker) => $"{worker.ProcessId} of {ProcessTable.NurseryOf(worker.ProcessId)}");
        throw new InvalidOperationException(
            $"{host.GetSnapshot()}: not all {runs} runs have left the workers of their nursery {_first}. Workers: {string.Join(", ", nurseries)}");
    }

    private EnclaveHost Host(SecurityLevel level, int workers, int meeting, int? cells = null, int executions = 1, int parked = 20) => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            SecurityLevel = level,
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 1,
                MaxWorkers = workers,
                MaxExecutionsPerWorker = executions,
                SpareWorkers = 0,
                MaxParkedRuns = parked,
                MaxQueueSize = 2_000,
                QueueTimeout = TimeSpan.FromMinutes(10),
            },
            ToolHandler = async (name, args, context) =>
            {
                if (name == "echo")
                {
                    // Longer than a run waits until it leaves, or not.
                    await Task.Delay(Random.Shared.Next(25), context.CancellationToken);
                    return args;
                }

                if (name == "pause")
                {
                    // Longer than a run waits until it leaves.
                    await Task.Delay(30, context.CancellationToken);
                    return args;
                }

                if (name != "meet") return await _gate.Handle(name, args, context);
                if (Interlocked.Increment(ref _met) == meeting) _all.TrySetResult();
                await _all.Task.WaitAsync(context.CancellationToken);
                return "met";
            },
        }.WithoutGuard(),
        null,
        TestLauncher.ShortLived(cells ?? workers, level));
}
