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
    JsonElement[] all = [.. orders.RootElement.EnumerateArray()];
    var run = new RunManyOptions { InputName = "order", Run = new RunOptions { Tenant = tenant, SourceName = $"{tenant}.js" } };
    await foreach (InputResult price in enclave.RunManyAsync(rule, all, run))
        Console.WriteLine($"{tenant,-10} order {all[price.Index].GetProperty("number")}: {TextOf(price)}");
}

await app.StopAsync();

// A failing rule affects only its own tenant.
static string TextOf(InputResult price)
{
    if (price.Error is { } error) return $"list price, the rule failed: {error.Code.ToCode()}";
    // A price must be a number, whatever the rule returns.
    return price.Value.Kind == ScriptValueKind.Number && price.Value.AsDouble() is >= 0 and < 1e6 and double amount
        ? $"{amount:0.00}"
        : "list price, the rule gave no price";
}
