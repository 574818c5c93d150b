using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Enclave.LoadBench.Http;

/// <summary>Sessions over HTTP, as a client meets them: the broker in a process of its own, its workers in theirs, and the load from here, all on this machine.</summary>
internal static class HttpBench
{
    /// <summary>The verb of the command line: <c>--http</c>.</summary>
    public const string Verb = "--http";

    private const int AtOnce = 8;

    private const string Tiny = "return 1 + 1", TenCalls = "let sum = 0; for (let i = 0; i < 10; i++) sum += await callTool('three', {}); return sum";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        bool quick = arguments.Contains("--quick"), json = arguments.Contains("--json");
        int sessions = quick ? 200 : 4000;
        var figures = new List<HttpFigures>();
        string tools = Path.Combine(Path.GetTempPath(), $"enclave-bench-tools-{Environment.ProcessId}.json");
        await File.WriteAllTextAsync(tools, """{ "three": 3 }""");
        try
        {
            await using (CliProcess broker = await ServeAsync(tools)) figures.AddRange(await MeasureAsync("embedded", broker, sessions));
            if (Store(arguments) is { } store)
            {
                await using CliProcess stored = await ServeAsync(tools, "--store-file", store);
                figures.AddRange(await MeasureAsync("embedded, in a store", stored, sessions));
            }

            await using CliProcess one = await RuntimeAsync(), two = await RuntimeAsync();
            await using CliProcess over = await ServeAsync(tools, "--runtime", $"{one.Address}", "--runtime", $"{two.Address}");
            figures.AddRange(await MeasureAsync("two runtimes", over, sessions / 2));
            TellCpuTime(over, one, two);
            if (QueueFile(arguments) is { } queues) figures.AddRange(await OverQueuesAsync(tools, queues, sessions / 2));
        }
        finally
        {
            File.Delete(tools);
        }

        if (json) foreach (HttpFigures row in figures) Console.WriteLine(JsonSerializer.Serialize(row, s_json));
        else Print(figures);
    }

    /// <summary>The file with the address of a RabbitMQ server, which is the caller's to run; null without <c>--queue-file</c>.</summary>
    private static string? QueueFile(IReadOnlyList<string> arguments) => Option(arguments, "--queue-file", "the address of a RabbitMQ server");

    private static async Task<List<HttpFigures>> OverQueuesAsync(string tools, string queues, int sessions)
    {
        await using CliProcess over = await ServeAsync(tools, "--queue-file", queues);
        await using CliProcess one = await RuntimeAsync("--queue-file", queues), two = await RuntimeAsync("--queue-file", queues);
        List<HttpFigures> figures = await MeasureAsync("two runtimes, over queues", over, sessions);
        TellCpuTime(over, one, two);
        return figures;
    }

    private static Task<CliProcess> RuntimeAsync(params string[] more) => CliProcess.StartAsync(["runtime", "--level", "standard", "--max-sessions", "16", .. more]);

    private static void TellCpuTime(CliProcess broker, params CliProcess[] runtimes) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: CPU of the broker {broker.CpuTime.TotalSeconds:0.00} s, of the runtimes without their workers {runtimes.Sum((runtime) => runtime.CpuTime.TotalSeconds):0.00} s"));

    /// <summary>The file that names a database for sessions, as <c>enclave serve --store-file</c> takes it; null for none.</summary>
    private static string? Store(IReadOnlyList<string> arguments) => Option(arguments, "--store", "a connection string");

    private static string? Option(IReadOnlyList<string> arguments, string name, string content)
    {
        int option = arguments.ToList().IndexOf(name);
        if (option < 0) return null;
        return option + 1 < arguments.Count ? arguments[option + 1] : throw new BenchException($"{name} takes a file with {content}");
    }

    private static Task<CliProcess> ServeAsync(string tools, params string[] more) =>
        CliProcess.StartAsync(["serve", "--tools", tools, "--requests-per-minute", "100000000", .. more]);

    private static async Task<List<HttpFigures>> MeasureAsync(string setup, CliProcess process, int sessions)
    {
        var figures = new List<HttpFigures>();
        Uri broker = process.Address;
        // The first ones find nothing compiled.
        await LoadAsync(broker, Tiny, AtOnce, sessions, TimeSpan.Zero);
        await LoadAsync(broker, TenCalls, AtOnce, sessions / 4, TimeSpan.Zero);
        await Add("return 1 + 1, after a pause of 2 ms", Tiny, 1, sessions / 4, s_pause);
        await Add("return 1 + 1", Tiny, 1, sessions / 2, TimeSpan.Zero);
        await Add("ten tool calls", TenCalls, 1, sessions / 4, TimeSpan.Zero);
        await Add("return 1 + 1", Tiny, AtOnce, sessions, TimeSpan.Zero);
        await Add("ten tool calls", TenCalls, AtOnce, sessions / 2, TimeSpan.Zero);
        return figures;

        async Task Add(string load, string code, int clients, int count, TimeSpan pause)
        {
            TimeSpan before = process.CpuTime;
            (double[] times, double seconds) = await LoadAsync(broker, code, clients, count, pause);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: the broker's own process computed for {(process.CpuTime - before).TotalMilliseconds / times.Length:0.00} ms per session"));
            figures.Add(new HttpFigures(setup, load, clients, Percentile.Of(times, 50), Percentile.Of(times, 99), pause == TimeSpan.Zero ? times.Length / seconds : 0));
            Console.Error.WriteLine($"bench: {setup}, {load}, {clients} client(s): {times.Length} sessions");
        }
    }

    private static async Task<(double[] Milliseconds, double Seconds)> LoadAsync(Uri broker, string code, int clients, int sessions, TimeSpan pause)
    {
        SessionConnection[] connections = await Task.WhenAll(Enumerable.Range(0, clients).Select((_) => SessionConnection.OpenAsync(broker, code)));
        int left = sessions;
        long begun = Stopwatch.GetTimestamp();
        double[][] times = await Task.WhenAll(connections.Select(RunAsync));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        foreach (SessionConnection connection in connections) connection.Dispose();
        return ([.. times.SelectMany((some) => some).Order()], seconds);

        async Task<double[]> RunAsync(SessionConnection connection)
        {
            var mine = new List<double>();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (pause != TimeSpan.Zero) await Task.Delay(pause);
                long start = Stopwatch.GetTimestamp();
                await connection.RunAsync();
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return [.. mine];
        }
    }

    private static void Print(List<HttpFigures> figures)
    {
        Console.WriteLine("| scripts run | load | clients | p50, ms | p99, ms | sessions/s |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach (HttpFigures row in figures)
        {
            string rate = row.PerSecond == 0 ? "" : row.PerSecond.ToString("#,0", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Setup} | {row.Load} | {row.Clients} | {row.P50:0.00} | {row.P99:0.00} | {rate} |"));
        }

        // Its broker cannot be installed here, so these are no figures of this run.
        Console.WriteLine("| documented product (once, on a machine of this kind) | return 1 + 1 | 1 | 4.0 | 23 | |");
        Console.WriteLine("| documented product (once, on a machine of this kind) | return 1 + 1 | 8 | | | 200 |");
        HttpFigures one = figures.First((row) => row is { Setup: "embedded", Clients: 1 }), many = figures.First((row) => row is { Setup: "embedded", Clients: AtOnce });
        Console.WriteLine();
        Console.WriteLine("Targets: most or least allowed, aim, measured");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p50 of return 1 + 1 after a pause     1.5 ms    1.0 ms    {one.P50:0.00} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sessions/s with {AtOnce} clients             800       1,500     {many.PerSecond:#,0}"));
    }
}
