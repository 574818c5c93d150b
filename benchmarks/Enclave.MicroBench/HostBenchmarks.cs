using BenchmarkDotNet.Attributes;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Protocol.Messages;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.MicroBench;

/// <summary>The queue, a lease, and whole runs on one worker. The allocations are the host's.</summary>
public class HostBenchmarks
{
    private readonly TenantQueues<ExecutionJob> _queue = new(capacity: 100_000, perTenant: 100_000);
    private readonly RunOptions[] _tenants = [.. Enumerable.Range(0, 1000).Select((i) => new RunOptions { Tenant = $"tenant-{i}" })];
    private EnclaveHost? _host;
    private ExecutionJob[] _jobs = [];

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        GuardedScript script = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Examine("return 1", []).Script!;
        // These jobs wait and never run.
        _jobs = [.. _tenants.Select(
            (tenant, i) => new ExecutionJob((ulong)i, script, limits: null!, [], tenant, static (_) => { }) { Tools = null!, Memory = null! })];
        _host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = 1, MaxExecutionsPerWorker = 1_000_000 }),
            ToolHandler = static (name, args, context) => new(args),
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await _host.WarmUpAsync();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _host!.DisposeAsync();

    /// <summary>A thousand tenants wait with one job each, and each gets its turn.</summary>
    [Benchmark(OperationsPerInvoke = 1000)]
    public int QueueAThousandTenants()
    {
        foreach (ExecutionJob job in _jobs) _queue.TryAdd(job);
        while (_queue.Count > 0) _queue.Take(_queue.Turns.First());
        return _queue.Count;
    }

    [Benchmark]
    public Task<ExecutionResult> RunReturn1Plus1() => _host!.RunAsync("return 1 + 1");

    [Benchmark]
    public Task<ExecutionResult> RunTenToolCalls() =>
        _host!.RunAsync("let sum = 0; for (let i = 0; i < 10; i++) sum += (await callTool('echo', { n: i })).n; return sum");
}
