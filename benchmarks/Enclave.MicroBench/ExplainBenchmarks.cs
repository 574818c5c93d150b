using BenchmarkDotNet.Attributes;
using Enclave.Guard;

namespace Enclave.MicroBench;

/// <summary>An explanation beside the failed run that it explains, and beside one replay of it.</summary>
public class ExplainBenchmarks
{
    private const string Orders = """
        const page = await callTool('orders', { limit: 200 });
        const byCustomer = {};
        for (const order of page.items) {
          if (order.total <= 0) continue;
          const known = byCustomer[order.customer] ?? { orders: 0, total: 0, late: [] };
          known.orders += 1;
          known.total = Math.round((known.total + order.total) * 100) / 100;
          if (order.status === 'late') known.late.push({ id: order.id });
          byCustomer[order.customer] = known;
        }
        const ranked = Object.entries(byCustomer).map(([id, entry]) => ({ id, ...entry })).sort((a, b) => b.total - a.total);
        return ranked.at(99).late[0].id;
        """;

    private const string Calls = """
        let sum = 0;
        for (let i = 0; i < 10; i++) { const answer = await callTool('echo', { n: i }); sum += answer.n; }
        if (sum > 40) throw new Error(`the sum is ${sum}`);
        """;

    private const string Words = """
        const counts = {};
        let seed = 7;
        for (let i = 0; i < 200000; i++) {
          seed = (seed * 1103515245 + 12345) % 2147483648;
          const word = 'w' + (seed % 1000);
          counts[word] = (counts[word] ?? 0) + 1;
        }
        return counts.missing.length;
        """;

    private const string Numbers = """
        let total = 0;
        for (let i = 0; i < 900000; i++) total = (total + i * 7) % 1000003;
        throw new Error('total ' + total);
        """;

    private EnclaveHost? _host;
    private string _code = "";
    private ExecutionRecording? _recording;

    [Params("orders", "calls", "words", "numbers")]
    public string Program { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        object[] items = [.. Enumerable.Range(0, 200).Select(
            (i) => new { id = i, customer = $"c{i % 40}", total = i * 1.5, status = i % 3 == 0 ? "late" : "open" })];
        _host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = 1, MaxExecutionsPerWorker = 1_000_000 }),
            ToolHandler = (name, args, context) => new(name == "echo" ? args : new { items }),
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await _host.WarmUpAsync();
        _code = Program switch { "orders" => Orders, "calls" => Calls, "words" => Words, _ => Numbers };
        _recording = (await Run()).Recording;
        RunExplanation explanation = await Explain();
        if (explanation.Line is null || explanation.Notes.Count > 0) throw new InvalidOperationException(explanation.ToJsonString());
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _host!.DisposeAsync();

    [Benchmark(Baseline = true)]
    public async Task<ExecutionResult> Run()
    {
        ExecutionResult result = await _host!.RunAsync(_code, new RunOptions { Record = true });
        return result.Error?.Code == ErrorCode.RuntimeError ? result : throw new InvalidOperationException(result.ToJsonString());
    }

    [Benchmark]
    public Task<ReplayReport> Replay() => _host!.ReplayAsync(_recording!);

    [Benchmark]
    public Task<RunExplanation> Explain() => _host!.ExplainAsync(_recording!);
}
