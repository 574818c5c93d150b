using System.Globalization;
using Enclave.LoadBench.Http.Meters;

namespace Enclave.LoadBench.Http;

/// <summary>The figures of a run as Markdown.</summary>
internal static class HttpTables
{
    private static readonly string[] s_parts = [Reading.Broker, Reading.Runtimes, Reading.Workers, Reading.Postgres, Reading.Rabbit, Reading.Load];

    public static void Print(IReadOnlyList<HttpFigures> figures)
    {
        HttpFigures[] loads = [.. figures.Where((row) => row.Sessions > 0)];
        Console.WriteLine("| scripts run | load | clients | p50, ms | p99, ms | sessions/s |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach (HttpFigures row in loads) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Setup} | {row.Load} | {row.Clients} | " +
            $"{row.P50:0.00} | {row.P99:0.00} | {(row.PerSecond == 0 ? "" : row.PerSecond.ToString("#,0", CultureInfo.InvariantCulture))} |"));

        // Its broker cannot be installed here, so these figures are not from this run.
        Console.WriteLine("| documented product (once, on a machine of this kind) | return 1 + 1 | 1 | 4.0 | 23 | |");
        Console.WriteLine("| documented product (once, on a machine of this kind) | return 1 + 1 | 8 | | | 200 |");
        Costs(figures);
        Targets(loads);
    }

    private static void Costs(IReadOnlyList<HttpFigures> figures)
    {
        Console.WriteLine();
        Console.WriteLine("CPU time of each part for a session, ms (idle: for a second); `workers` are the jailed processes, `load` this program:");
        Console.WriteLine();
        Console.WriteLine($"| scripts run | load | clients | {string.Join(" | ", s_parts)} |");
        Console.WriteLine($"|---|---|---:|{string.Concat(s_parts.Select((_) => "---:|"))}");
        foreach (HttpFigures row in figures)
            Console.WriteLine($"| {row.Setup} | {row.Load} | {row.Clients} | {string.Join(" | ", s_parts.Select((part) => Cell(row.Cpu, part, "0.00")))} |");
        (string Name, string Header)[] counts =
        [
            (Reading.Writes, "commits that write"), (Reading.SessionRows, "rows of `session`"), (Reading.EventRows, "of `event`"),
            (Reading.SessionBytes, "bytes in `session`"), (Reading.EventBytes, "in `event`"), (Reading.WalBytes, "of WAL"),
            (Reading.MessagesIn, "messages to RabbitMQ"), (Reading.MessagesOut, "from it"), (Reading.BrokerQueueBytes, "bytes of the broker's connection"),
            (Reading.RuntimeQueueBytes, "of the runtimes'"), (Reading.ClientBytes, "of the client's"),
        ];
        Console.WriteLine();
        Console.WriteLine("Written and sent for a session (idle: in a second):");
        Console.WriteLine();
        Console.WriteLine($"| scripts run | load | clients | {string.Join(" | ", counts.Select((one) => one.Header))} |");
        Console.WriteLine($"|---|---|---:|{string.Concat(counts.Select((_) => "---:|"))}");
        foreach (HttpFigures row in figures)
        {
            IEnumerable<string> cells = counts.Select(
                (one) => Cell(row.Counts, one.Name, one.Name.EndsWith("Bytes", StringComparison.Ordinal) ? "#,0" : "0.0"));
            Console.WriteLine($"| {row.Setup} | {row.Load} | {row.Clients} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Cell(IReadOnlyDictionary<string, double> from, string name, string form) =>
        from.TryGetValue(name, out double value) ? value.ToString(form, CultureInfo.InvariantCulture) : "";

    private static void Targets(HttpFigures[] loads)
    {
        HttpFigures? one = loads.FirstOrDefault((row) => row.PerSecond == 0), many = loads.FirstOrDefault((row) => row.Clients == 8);
        if (one is null || many is null) return;
        Console.WriteLine();
        Console.WriteLine("Targets: most or least allowed, aim, measured");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p50 of return 1 + 1 after a pause     1.5 ms    1.0 ms    {one.P50:0.00} ms"));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"sessions/s with {many.Clients} clients             800       1,500     {many.PerSecond:#,0}"));
    }
}
