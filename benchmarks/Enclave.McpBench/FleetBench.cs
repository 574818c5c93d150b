using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Enclave.Mcp;

namespace Enclave.McpBench;

/// <summary>50 servers with 2,000 tools: the time to connect them all, and to find a tool.</summary>
internal static class FleetBench
{
    /// <summary>Servers with a process of their own; the others share one, over HTTP.</summary>
    private const int OverPipes = 3;

    public static async Task RunAsync(string node, string fleet, int rounds)
    {
        string program = Path.Combine(fleet, "servers.mjs");
        using Process tasksOf = Start(node, program, "tasks"), servers = Start(node, program, "http");
        JsonElement[] tasks = [.. JsonElement.Parse(await tasksOf.StandardOutput.ReadToEndAsync()).EnumerateArray()];
        string port = (await servers.StandardOutput.ReadLineAsync())!;
        string[] names = [.. tasks.Select((task) => task.GetProperty("tool").GetString()!.Split(':')[0]).Distinct()];
        var starts = new List<double>();
        double[] searches = [.. tasks.Select((_) => double.MaxValue)];
        for (int round = 0; round < rounds; round++)
        {
            long began = Stopwatch.GetTimestamp();
            McpToolSource[] sources = await Task.WhenAll(names.Select((name, at) => McpToolSource.ConnectAsync(at < OverPipes
                ? new McpSourceOptions { Name = name, Command = new McpCommand(node) { Arguments = [program, "stdio", name] } }
                : new McpSourceOptions { Name = name, Address = new Uri($"http://127.0.0.1:{port}/{name}") })));
            var options = new EnclaveOptions();
            foreach (McpToolSource source in sources) options.Tools.Add(source);
            await using var enclave = new EnclaveHost(options);
            enclave.DescribeForModelWithin(1_000);
            starts.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            for (int i = 0; i < tasks.Length; i++)
            {
                string task = tasks[i].GetProperty("task").GetString()!;
                began = Stopwatch.GetTimestamp();
                enclave.SearchTools(task);
                searches[i] = Math.Min(searches[i], Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            foreach (McpToolSource source in sources) await source.DisposeAsync();
        }

        servers.Kill();
        double[] sorted = [.. searches.Order()];
        Console.WriteLine("| 50 servers, 2,000 tools | ms |");
        Console.WriteLine("|---|---:|");
        Line("connected, with an index for a model: median of the rounds", starts.Order().ElementAt(starts.Count / 2));
        Line("the same: least", starts.Min());
        Line("a search, p50 of 200 tasks, each the least of the rounds", sorted[sorted.Length / 2]);
        Line("a search, p99", sorted[(sorted.Length * 99 / 100) - 1]);
    }

    private static void Line(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {value:0.000} |"));

    private static Process Start(string node, string program, string mode) =>
        Process.Start(new ProcessStartInfo(node, [program, mode]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
