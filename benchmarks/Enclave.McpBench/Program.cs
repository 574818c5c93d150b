using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Enclave;
using Enclave.Mcp;
using Enclave.McpBench;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

// ./bench.sh --mcp [--quick]: calls of MCP servers through scripts beside the same calls of others' clients, and a fleet of 50 servers.
//   Enclave.McpBench NODE MODULES FLEET SDK_CALLS [--quick]
if (args is not [string node, string modules, string fleet, string sdkCalls, ..])
{
    Console.Error.WriteLine("usage: Enclave.McpBench NODE MODULES FLEET SDK_CALLS [--quick]");
    return 2;
}

bool isQuick = args.Contains("--quick");
int calls = isQuick ? 100 : 500, rounds = isQuick ? 2 : 15;
string[] server = [Path.Combine(fleet, "servers.mjs"), "stdio", "github"];

var sdk = new List<double>();
var library = new List<double>();
var scripts = new List<double>();
var local = new List<double>();
await using McpToolSource source = await McpToolSource.ConnectAsync(
    new McpSourceOptions { Name = "github", Command = new McpCommand(node) { Arguments = server }, MaxMessagesPerSecond = 100_000 });
var options = new EnclaveOptions { MaxToolCalls = 10 * calls, Timeout = TimeSpan.FromMinutes(1) };
options.Tools.Add(source).Add("local", (int limit) => "here");
await using var enclave = new EnclaveHost(options);
using var pipes = new ServerPipes(node, server);
await using McpClient client = await McpClient.CreateAsync(new StreamClientTransport(pipes.Input, pipes.Output));
for (int round = -1; round < rounds; round++)
{
    // In turns, so that other work on the machine is everybody's. The round before the first warms up.
    double theirs = Median(JsonSerializer.Deserialize<double[]>(await pipes.RunAsync(modules, [sdkCalls, $"{calls}", .. server]))!);
    double cores = await CoreAsync(), ours = await ScriptAsync("github:list_issues"), here = await ScriptAsync("local");
    if (round < 0) continue;
    sdk.Add(theirs);
    library.Add(cores);
    scripts.Add(ours);
    local.Add(here);
}

Console.WriteLine("| one call, ms | median of the rounds | least |");
Console.WriteLine("|---|---:|---:|");
Row("@modelcontextprotocol/sdk alone, in node", sdk);
Row("ModelContextProtocol.Core alone, in .NET", library);
Row("a script's call of a function of the host", local);
Row("a script's call of the server", scripts);
Less("our part: that, without the two above it", library, local);
Less("a script's call of the server, without the SDK's", sdk);
Console.WriteLine();
await FleetBench.RunAsync(node, fleet, rounds);
return 0;

async Task<double> CoreAsync()
{
    var times = new double[calls];
    var arguments = new Dictionary<string, object?> { ["limit"] = 3 };
    for (int call = 0; call < calls; call++)
    {
        long began = Stopwatch.GetTimestamp();
        await client.CallToolAsync("list_issues", arguments);
        times[call] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    return Median(times);
}

// The script's own clock is coarse, so the time of all calls is divided.
async Task<double> ScriptAsync(string tool)
{
    long began = Stopwatch.GetTimestamp();
    ExecutionResult result = await enclave.RunAsync($"for (let i = 0; i < {calls}; i++) await callTool('{tool}', {{ limit: 3 }}); return true");
    if (!result.Success) throw new InvalidOperationException(result.Error!.Message);
    return Stopwatch.GetElapsedTime(began).TotalMilliseconds / calls;
}

static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

// Medians of medians and leasts of leasts: on a machine with other work the least is nearer to what the code takes.
void Less(string name, params List<double>[] others) => Print(
    name, Median([.. scripts]) - others.Sum((times) => Median([.. times])), scripts.Min() - others.Sum((times) => times.Min()));

static void Row(string name, List<double> times) => Print(name, Median([.. times]), times.Min());

static void Print(string name, double median, double least) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {median:0.000} | {least:0.000} |"));
