using BenchmarkDotNet.Attributes;
using Enclave.Guard;

namespace Enclave.MicroBench;

/// <summary>Runs that use <c>tools</c> as a value beside runs that do not, on hosts with few and many tools. All return the same answer of one tool.</summary>
public class ToolsValueBenchmarks
{
    private EnclaveHost? _host;

    [Params(5, 35, 500)]
    public int Tools { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var options = new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = 1, MaxExecutionsPerWorker = 1_000_000 }),
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        };
        for (int i = 0; i < Tools; i++) options.Tools.Add($"space{i % 10}:tool{i}", (int n) => n);
        _host = new EnclaveHost(options);
        await _host.WarmUpAsync();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _host!.DisposeAsync();

    [Benchmark(Baseline = true)]
    public Task<ExecutionResult> Call() => RunAsync("return await tools.space0.tool0({ n: 1 })");

    [Benchmark]
    public Task<ExecutionResult> NamespaceInAVariable() => RunAsync("const { space0 } = tools; return await space0.tool0({ n: 1 })");

    private async Task<ExecutionResult> RunAsync(string code)
    {
        ExecutionResult result = await _host!.RunAsync(code);
        return result.Success ? result : throw new InvalidOperationException(result.Error!.Message);
    }
}
