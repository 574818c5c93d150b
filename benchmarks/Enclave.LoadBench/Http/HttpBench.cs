using System.Globalization;
using System.Text.Json;
using Enclave.LoadBench.Http.Meters;

namespace Enclave.LoadBench.Http;

/// <summary>Measures sessions over HTTP: the broker in its own process, its workers in theirs, and the load in this one, all on one machine.</summary>
internal static class HttpBench
{
    /// <summary>The verb of the command line: <c>--http</c>.</summary>
    public const string Verb = "--http";

    private const string Embedded = "embedded", Stored = "embedded, in a store", Sockets = "two runtimes", Queued = "two runtimes, over queues",
        QueuedStored = "two runtimes, over queues, in a store";

    private const string Idle = "idle";

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10), s_idleQuick = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = HttpOptions.Parse(arguments);
        var figures = new List<HttpFigures>();
        string tools = Path.Combine(Path.GetTempPath(), $"enclave-bench-tools-{Environment.ProcessId}.json");
        await File.WriteAllTextAsync(tools, """{ "three": 3 }""");
        try
        {
            await MeasureAsync(Embedded, Tier.EmbeddedAsync(tools, null));
            if (options.Store is { } store) await MeasureAsync(Stored, Tier.EmbeddedAsync(tools, store));
            await MeasureAsync(Sockets, Tier.OverSocketsAsync(tools));
            if (options.Queues is { } queues)
            {
                await MeasureAsync(Queued, Tier.OverQueuesAsync(tools, null, queues, options.QueueFigures));
                if (options.Store is { } both) await MeasureAsync(QueuedStored, Tier.OverQueuesAsync(tools, both, queues, options.QueueFigures));
            }
        }
        finally
        {
            File.Delete(tools);
        }

        if (!options.IsJson) HttpTables.Print(figures);

        async Task MeasureAsync(string setup, Task<Tier> starting)
        {
            await using Tier tier = await starting;
            foreach (HttpFigures row in await LoadAsync(setup, tier, options))
            {
                figures.Add(row);
                if (options.IsJson) Console.WriteLine(JsonSerializer.Serialize(row, s_json));
            }
        }
    }

    private static async Task<List<HttpFigures>> LoadAsync(string setup, Tier tier, HttpOptions options)
    {
        // Sessions over a network cost the machine more than the processes show.
        int sessions = options.IsQuick ? 200 : setup is Embedded or Stored ? 4000 : 2000;
        // The first sessions run before .NET has compiled the code.
        foreach (SessionLoad warmUp in SessionLoad.WarmUp(sessions)) await LoadRun.RunAsync(tier.Broker, warmUp);
        var figures = new List<HttpFigures>();
        foreach (SessionLoad load in options.IsGrid ? SessionLoad.Grid(sessions) : SessionLoad.Usual(sessions))
        {
            Reading before = await tier.Meter.BeginAsync();
            LoadRun run = await LoadRun.RunAsync(tier.Broker, load);
            Reading after = await tier.Meter.EndAsync();
            Dictionary<string, double> counts = Reading.Between(before.Counts, after.Counts, load.Sessions);
            counts[Reading.ClientBytes] = (double)run.Bytes / load.Sessions;
            // The number of connections, not the number that a session adds.
            foreach (string name in (string[])[Reading.DatabaseConnections, Reading.QueueConnections])
                if (after.Counts.TryGetValue(name, out double open)) counts[name] = open;
            figures.Add(new HttpFigures(setup, load.Name, load.Clients, Percentile.Of(run.Milliseconds, 50), Percentile.Of(run.Milliseconds, 99),
                load.Pause == TimeSpan.Zero ? load.Sessions / run.Seconds : 0)
            {
                Sessions = load.Sessions,
                Seconds = run.Seconds,
                ToolCalls = load.Scripts.Average((script) => script.ToolCalls),
                Lines = load.Scripts.Average((script) => script.Lines),
                IsFitted = load.IsFitted,
                Cpu = Milliseconds(Reading.Between(before.Cpu, after.Cpu, load.Sessions)),
                Counts = counts,
            });
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"bench: {setup}, {load.Name}, {load.Clients} client(s): {load.Sessions} sessions in {run.Seconds:0.0} s"));
        }

        // Last, because .NET compiles the code of the earlier loads until then.
        figures.Add(await IdleAsync(setup, tier, options.IsQuick ? s_idleQuick : s_idle));
        return figures;
    }

    /// <summary>The cost of the tier while no client asks.</summary>
    private static async Task<HttpFigures> IdleAsync(string setup, Tier tier, TimeSpan time)
    {
        Reading before = await tier.Meter.BeginAsync();
        await Task.Delay(time);
        Reading after = await tier.Meter.EndAsync();
        return new HttpFigures(setup, Idle, 0, 0, 0, 0)
        {
            Sessions = 0,
            Seconds = time.TotalSeconds,
            ToolCalls = 0,
            Lines = 0,
            IsFitted = false,
            Cpu = Milliseconds(Reading.Between(before.Cpu, after.Cpu, time.TotalSeconds)),
            Counts = Reading.Between(before.Counts, after.Counts, time.TotalSeconds),
            Memory = tier.Meter.Memory(),
        };
    }

    private static Dictionary<string, double> Milliseconds(Dictionary<string, double> seconds) =>
        seconds.ToDictionary((one) => one.Key, (one) => one.Value * 1000);
}
