using System.Diagnostics;
using System.Globalization;

namespace Enclave.LoadBench.DoubleVm;

/// <summary>
/// Measures the cost of the outer isolate for a script: hosts without one, with one that passes
/// every call, and with a policy, in turns on the same machine.
/// </summary>
internal static class DoubleVmBench
{
    /// <summary>The verb of the command line: <c>--double-vm</c>.</summary>
    public const string Verb = "--double-vm";

    private const int Blocks = 6, Calls = 41, AtOnce = 10;

    private const string Policy = """
        const counts = {};
        return (call) => {
          counts[call.name] = (counts[call.name] ?? 0) + 1;
          return counts[call.name] <= 1000 ? { allow: true, args: { ...call.args, tenant: call.tenant } } : { allow: false, reason: 'too many' };
        };
        """;

    private static readonly (string Name, string Code)[] s_scripts =
    [
        ("no call", "return 1"),
        ("one call", "return (await callTool('echo', { n: 1 })).n"),
        ("41 calls, one after another", string.Create(
            CultureInfo.InvariantCulture, $"let sum = 0; for (let i = 0; i < {Calls}; i++) sum += (await callTool('echo', {{ n: 1 }})).n; return sum")),
        ("40 calls, ten at once", string.Create(CultureInfo.InvariantCulture,
            $"for (let i = 0; i < 4; i++) await Promise.all(Array.from({{ length: {AtOnce} }}, (_, n) => callTool('echo', {{ n }}))); return 1")),
    ];

    private static readonly (string Name, DoubleVmOptions? Options)[] s_sides =
        [("without", null), ("every call passes", new()), ("a policy", new() { ToolPolicy = Policy })];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        int jobs = arguments.Contains("--quick") ? 60 : 600;
        Console.WriteLine("| a caller's wait, p10 and p50, ms | " + string.Join(" | ", s_sides.Select((side) => side.Name)) + " |");
        Console.WriteLine("|---|" + string.Concat(s_sides.Select((_) => "---|")));
        foreach ((string name, string code) in s_scripts)
        {
            string[] waits = await WaitsAsync(code, jobs);
            Console.WriteLine($"| {name} | " + string.Join(" | ", waits) + " |");
        }
    }

    /// <summary>Shows the tenth percentile beside the median: on a busy machine it is closer to the cost of the code.</summary>
    private static async Task<string[]> WaitsAsync(string code, int jobs)
    {
        EnclaveHost[] hosts = [.. s_sides.Select((side) => Open(side.Options))];
        var samples = s_sides.Select((_) => new List<double>()).ToArray();
        foreach (EnclaveHost host in hosts) await host.WarmUpAsync();
        for (int block = -2; block < Blocks; block++)
        {
            for (int i = 0; i < hosts.Length; i++)
            {
                // Another host begins in each block.
                int side = (i + block + 2) % hosts.Length;
                for (int job = 0; job < jobs / Blocks; job++)
                {
                    // Workers are reset between jobs, as with scripts that arrive now and then.
                    await Task.Delay(2);
                    long start = Stopwatch.GetTimestamp();
                    ExecutionResult result = await hosts[side].RunAsync(code);
                    if (!result.Success) throw new BenchException($"{s_sides[side].Name}: {result.Error!.Message}");
                    if (block >= 0) samples[side].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        foreach (EnclaveHost host in hosts) await host.DisposeAsync();
        return [.. samples.Select(
            (all) => string.Create(CultureInfo.InvariantCulture, $"{Percentile.Of([.. all.Order()], 10):0.000}, {Percentile.Of([.. all.Order()], 50):0.000}"))];
    }

    private static EnclaveHost Open(DoubleVmOptions? doubleVm) => new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2, MaxExecutionsPerWorker = 1_000_000 },
        ToolHandler = (_, args, _) => new(args),
        DoubleVm = doubleVm,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
    });
}
