using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Enclave.LoadBench.Libraries;

/// <summary>The cost of libraries: a job's time, a worker's start and its memory.</summary>
/// <remarks>Hosts without a library, with one of 500 kB and with 1 MB of libraries, and a script that contains its own, in turns.</remarks>
internal static class LibraryBench
{
    /// <summary>The verb of the command line: <c>--libraries</c>.</summary>
    public const string Verb = "--libraries";

    private const int Blocks = 6, Starts = 5, Rounds = 5;

    private static readonly (string Name, string Code)[] s_scripts =
    [
        ("does not name it", "return 1"),
        ("one call", "return typeof lodash === 'undefined' ? 1 : lodash.chunk([1, 2, 3, 4, 5], 2).length"),
        ("ten functions", """
            if (typeof lodash === 'undefined') return 1;
            const rows = Array.from({ length: 200 }, (_, i) => ({ id: i, group: i % 7, text: `row ${i}` }));
            const groups = lodash.mapValues(lodash.groupBy(rows, 'group'), (g) => lodash.sumBy(g, 'id'));
            const top = lodash.orderBy(lodash.toPairs(groups), [1], ['desc']).slice(0, 2), merged = lodash.merge({}, { a: { b: 1 } }, { a: { c: 2 } });
            return [top, lodash.uniq(lodash.map(rows, 'group')), lodash.startCase('a b'), lodash.cloneDeep(rows[0]), merged].length;
            """),
    ];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        bool quick = arguments.Contains("--quick");
        string? packages = arguments.FirstOrDefault((argument) => !argument.StartsWith('-'));
        (string Name, Library[] Libraries)[] sides = Sides(packages ?? throw new BenchException("--libraries needs the folder of npm packages"));
        int jobs = quick ? 60 : 600;
        Console.WriteLine("| a caller's wait, p10 and p50, ms | " + string.Join(" | ", sides.Select((side) => side.Name)) + " |");
        Console.WriteLine("|---|" + string.Concat(sides.Select((_) => "---|")));
        foreach ((string name, string code) in s_scripts)
        {
            string[] waits = await WaitsAsync([.. sides.Select((side) => (side.Libraries, code))], jobs);
            Console.WriteLine($"| {name} | {string.Join(" | ", waits)} |");
        }

        Console.WriteLine("| CPU of the worker for one call, µs | " + string.Join(" | ", await WorkersCpuAsync(sides, jobs)) + " |");
        string bundle = $"(function (exports, global) {{ {sides[1].Libraries[0].Source}\n }})(module.exports, globalThis);";
        string[] brought = await WaitsAsync(
            [(sides[0].Libraries, $"const module = {{ exports: {{}} }}; {bundle} const lodash = module.exports; {s_scripts[1].Code}")], jobs / 5);
        Console.WriteLine($"| one call, of the same bundle as part of the script | {brought[0]} |" + string.Concat(sides.Skip(1).Select((_) => " |")));
        Console.WriteLine("| a host's start to its first answer, p50, ms | " + string.Join(" | ", await StartsAsync(sides, quick ? 2 : Starts)) + " |");
        Console.WriteLine("| private memory of an idle worker, MiB | " + string.Join(" | ", await MemoryAsync(sides)) + " |");
    }

    private static (string Name, Library[] Libraries)[] Sides(string packages)
    {
        Library lodash = Library.FromFile("lodash", Path.Combine(packages, "lodash", "lodash.js"));
        Library dates = Library.FromFile("dateFns", Path.Combine(packages, "date-fns", "cdn.js"));
        int one = Encoding.UTF8.GetByteCount(lodash.Source) / 1000, other = Encoding.UTF8.GetByteCount(dates.Source) / 1000;
        return [("without", []), ($"lodash ({one} kB)", [lodash]), ($"lodash and date-fns ({one + other} kB)", [lodash, dates])];
    }

    /// <summary>Shows the tenth percentile beside the median: on a busy machine it is closer to the cost of the code.</summary>
    private static async Task<string[]> WaitsAsync((Library[] Libraries, string Code)[] sides, int jobs)
    {
        EnclaveHost[] hosts = [.. sides.Select((side) => Open(side.Libraries))];
        var samples = sides.Select((_) => new List<double>()).ToArray();
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
                    double wait = await RunAsync(hosts[side], sides[side].Code);
                    if (block >= 0) samples[side].Add(wait);
                }
            }
        }

        foreach (EnclaveHost host in hosts) await host.DisposeAsync();
        return [.. samples.Select(Figures)];
    }

    /// <summary>The CPU time of the worker with its reset. The least of some rounds leaves out the effect of other work on the machine.</summary>
    private static async Task<string[]> WorkersCpuAsync((string Name, Library[] Libraries)[] sides, int jobs)
    {
        EnclaveHost[] hosts = [.. sides.Select((side) => Open(side.Libraries))];
        double[] least = [.. sides.Select((_) => double.MaxValue)];
        foreach (EnclaveHost host in hosts) await host.WarmUpAsync();
        for (int round = 0; round < Rounds; round++)
        {
            for (int side = 0; side < hosts.Length; side++)
            {
                double before = CpuMicroseconds(hosts[side]);
                for (int job = 0; job < jobs; job++) await RunAsync(hosts[side], s_scripts[1].Code);
                least[side] = Math.Min(least[side], (CpuMicroseconds(hosts[side]) - before) / jobs);
            }
        }

        foreach (EnclaveHost host in hosts) await host.DisposeAsync();
        return [.. least.Select((time) => string.Create(CultureInfo.InvariantCulture, $"{time:0}"))];
    }

    /// <summary>The CPU time of its workers, which stay the same.</summary>
    private static double CpuMicroseconds(EnclaveHost host) => host.GetIsolationReport().Workers
        .Sum((worker) => long.Parse(File.ReadAllText($"/proc/{worker.ProcessId}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e3);

    private static string Figures(List<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Percentile.Of(sorted, 10):0.000}, {Percentile.Of(sorted, 50):0.000}");
    }

    private static async Task<string[]> StartsAsync((string Name, Library[] Libraries)[] sides, int starts)
    {
        var samples = sides.Select((_) => new List<double>()).ToArray();
        for (int start = 0; start < starts; start++)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                long begin = Stopwatch.GetTimestamp();
                await using EnclaveHost host = Open(sides[side].Libraries);
                await RunAsync(host, s_scripts[1].Code);
                samples[side].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }

        return [.. samples.Select((all) => string.Create(CultureInfo.InvariantCulture, $"{Percentile.Of([.. all.Order()], 50):0}"))];
    }

    private static async Task<string[]> MemoryAsync((string Name, Library[] Libraries)[] sides)
    {
        var figures = new List<string>();
        foreach ((_, Library[] libraries) in sides)
        {
            await using EnclaveHost host = Open(libraries);
            await host.WarmUpAsync();
            await RunAsync(host, s_scripts[2].Code);
            await Task.Delay(200);
            double held = WorkerMemory.OfThisHost().Average((worker) => worker.HeldMiB().Private);
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{held:0.0}"));
        }

        return [.. figures];
    }

    private static async Task<double> RunAsync(EnclaveHost host, string code)
    {
        long start = Stopwatch.GetTimestamp();
        ExecutionResult result = await host.RunAsync(code);
        return result.Success ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new BenchException($"{result.Error}");
    }

    private static EnclaveHost Open(Library[] libraries) => new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2, MaxExecutionsPerWorker = 1_000_000 },
        Libraries = libraries,
        Validate = false,
        MaxIterations = 1_000_000,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
    });
}
