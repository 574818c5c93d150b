using System.Diagnostics;
using System.Globalization;
using System.Text;
using Enclave.Protocol;

namespace Enclave.LoadBench.Scale;

/// <summary>S3: the cost per unit when the size doubles. It should not rise.</summary>
internal sealed class Growth(BenchReport report, bool quick)
{
    public async Task MeasureAsync()
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            ToolHandler = static (name, args, context) => new(args),
            MaxToolCalls = 100_000,
            MaxIterations = 10_000_000,
            WorkerPool = WorkerPoolPresets.Standard with { MaxMessagesPerSecond = 1_000_000 },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await host.WarmUpAsync();
        await AddAsync(host, "kB", [2, 4, 8, 16, 32], new Load("source", (size) => (Source(size), null)));
        // In turns: results hold the same records as arguments, and are compared with them.
        await AddAsync(
            host, "records", [250, 500, 1000, 2000, 4000],
            new Load("arguments", (size) => ("return args.length", Records(size))),
            new Load("results", (size) => ("return args", Records(size))));
        await AddAsync(host, "lines", [100, 200, 400, 800], new Load(
            "console", (size) => ($"for (let i = 0; i < {size}; i++) console.log('line', i); return 0", null)));
        await AddAsync(host, "calls", [50, 100, 200, 400, 800], new Load(
            "tool calls", (size) => ($"for (let i = 0; i < {size}; i++) await callTool('echo', {{ i }}); return 0", null)));
    }

    private async Task AddAsync(EnclaveHost host, string unit, int[] sizes, params Load[] loads)
    {
        int rounds = quick ? 4 : 60;
        foreach (int size in sizes)
        {
            (Load Load, string Code, RunOptions Options, List<double> Times)[] runs = [.. loads.Select((load) => Prepare(load, size))];
            for (int i = 0; i < rounds; i++)
            {
                foreach ((Load load, string code, RunOptions options, List<double> times) in runs)
                {
                    await Task.Delay(3);
                    long start = Stopwatch.GetTimestamp();
                    ExecutionResult result = await host.RunAsync(code, options);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (result.Error is { } error) throw new BenchException($"{load.What}, {size} {unit}: {error.Message}");
                }
            }

            // The best of many shows the cost of the size, without other work on the machine.
            foreach ((Load load, _, _, List<double> times) in runs) load.Best.Add(times.Order().ElementAt(times.Count / 4));
        }

        foreach (Load load in loads)
        {
            double first = load.Best[0] * 1000 / sizes[0];
            for (int i = 0; i < sizes.Length; i++)
            {
                double best = load.Best[i], one = best * 1000 / sizes[i];
                report.Figure(
                    string.Create(CultureInfo.InvariantCulture, $"{load.What}, {sizes[i]} {unit}"), best, "ms", rounds,
                    string.Create(CultureInfo.InvariantCulture, $"{one:0.0} us for each, {one / first:0.00} of the first"));
            }
        }
    }

    private static (Load Load, string Code, RunOptions Options, List<double> Times) Prepare(Load load, int size)
    {
        (string code, object? args) = load.Of(size);
        var options = new RunOptions
        {
            Timeout = TimeSpan.FromSeconds(20),
            Globals = args is null ? null : new Dictionary<string, object?> { ["args"] = args },
        };
        return (load, code, options, []);
    }

    private static string Source(int kilobytes)
    {
        var text = new StringBuilder("let sum = 0;\n");
        for (int i = 0; text.Length < kilobytes << 10; i++)
            text.Append(CultureInfo.InvariantCulture, $"const value{i} = [sum, {i}].map((n) => n + 1); sum = sum + value{i}[0];\n");
        return text.Append("return sum;").ToString();
    }

    private static object Records(int count) => ScriptValue.From(Enumerable.Range(0, count)
        .Select((i) => new Dictionary<string, object?> { ["id"] = i, ["name"] = $"record {i}", ["price"] = i * 0.25, ["active"] = i % 3 == 0 })
        .ToArray()).ToObject()!;

    private sealed record Load(string What, Func<int, (string Code, object? Args)> Of)
    {
        /// <summary>The best time of each size, in ms.</summary>
        public List<double> Best { get; } = [];
    }
}
