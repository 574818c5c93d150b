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
        await AddAsync(host, "source", "kB", [2, 4, 8, 16, 32], (size) => (Source(size), null));
        await AddAsync(host, "arguments", "records", [250, 500, 1000, 2000, 4000], (size) => ("return args.length", Records(size)));
        await AddAsync(host, "results", "records", [250, 500, 1000, 2000, 4000], (size) => ("return args", Records(size)));
        await AddAsync(host, "console", "lines", [100, 200, 400, 800], (size) => ($"for (let i = 0; i < {size}; i++) console.log('line', i); return 0", null));
        await AddAsync(host, "tool calls", "calls", [50, 100, 200, 400, 800], (size) =>
            ($"for (let i = 0; i < {size}; i++) await callTool('echo', {{ i }}); return 0", null));
    }

    private async Task AddAsync(EnclaveHost host, string what, string unit, int[] sizes, Func<int, (string Code, object? Args)> load)
    {
        double first = 0;
        foreach (int size in sizes)
        {
            (string code, object? args) = load(size);
            var options = new RunOptions
            {
                Timeout = TimeSpan.FromSeconds(20),
                Globals = args is null ? null : new Dictionary<string, object?> { ["args"] = args },
            };
            var times = new List<double>();
            for (int i = 0; i < (quick ? 4 : 60); i++)
            {
                await Task.Delay(3);
                long start = Stopwatch.GetTimestamp();
                ExecutionResult result = await host.RunAsync(code, options);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (result.Error is { } error) throw new BenchException($"{what}, {size} {unit}: {error.Message}");
            }

            // The best of many shows the cost of the size, without other work on the machine.
            double best = times.Order().ElementAt(times.Count / 4), each = best * 1000 / size;
            if (first == 0) first = each;
            report.Figure(string.Create(CultureInfo.InvariantCulture, $"{what}, {size} {unit}"), best, "ms", times.Count, string.Create(
                CultureInfo.InvariantCulture, $"{each:0.0} us for each, {each / first:0.00} of the first"));
        }
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
}
