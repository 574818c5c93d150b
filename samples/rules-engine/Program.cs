using System.Text.Json;
using Enclave;
using Enclave.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Each tenant writes its own pricing rule. A rule sees one order and nothing else: no tools, a coarse clock, a second.
string folder = AppContext.BaseDirectory;
using JsonDocument orders = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "orders.json")));
HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(args);
// The line of a broken rule says what became of it.
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.Services.AddEnclave((options) =>
{
    options.Adapter = EnclaveAdapter.WorkerPool;
    options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2 };
    options.Timeout = TimeSpan.FromSeconds(1);
    options.MaxToolCalls = 0;
});
using IHost app = builder.Build();
// Options are checked, and a worker is warm, before the first rule runs.
await app.StartAsync();
var enclave = app.Services.GetRequiredService<IEnclave>();

foreach (string file in Directory.GetFiles(Path.Combine(folder, "rules"), "*.js").Order(StringComparer.Ordinal))
{
    string tenant = Path.GetFileNameWithoutExtension(file), rule = await File.ReadAllTextAsync(file);
    foreach (JsonElement order in orders.RootElement.EnumerateArray())
        Console.WriteLine($"{tenant,-10} order {order.GetProperty("number")}: {await PriceAsync(tenant, rule, order)}");
}

await app.StopAsync();

// A failing rule affects only its own tenant.
async Task<string> PriceAsync(string tenant, string rule, JsonElement order)
{
    ExecutionResult result = await enclave.RunAsync(
        rule, new RunOptions { Tenant = tenant, SourceName = $"{tenant}.js", Globals = new Dictionary<string, object?> { ["order"] = order } });
    if (!result.Success) return $"list price, the rule failed: {result.Error!.Code.ToCode()}";
    // A price must be a number, whatever the rule returns.
    return result.Value.Kind == ScriptValueKind.Number && result.Value.AsDouble() is >= 0 and < 1e6 and double price
        ? $"{price:0.00}"
        : "list price, the rule gave no price";
}
