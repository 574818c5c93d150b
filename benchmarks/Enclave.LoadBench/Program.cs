using System.Diagnostics;
using Enclave.LoadBench;
using Enclave.LoadBench.DoubleVm;
using Enclave.LoadBench.Durable;
using Enclave.LoadBench.Http;
using Enclave.LoadBench.Isolation;
using Enclave.LoadBench.Libraries;
using Enclave.LoadBench.Scale;
using Enclave.LoadBench.Soak;
using Enclave.LoadBench.Workloads;

if (args is [StartedProgram.Verb, _, _, _]) return await StartedProgram.RunAsync(args);

try
{
    if (args is [IsolationBench.Verb, ..])
    {
        await IsolationBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [DoubleVmBench.Verb, ..])
    {
        await DoubleVmBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [LibraryBench.Verb, ..])
    {
        await LibraryBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [HttpBench.Verb, ..])
    {
        await HttpBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [ExpressionBench.Verb])
    {
        await ExpressionBench.RunAsync();
        return 0;
    }

    if (args is [ScaleBench.Verb, ..])
    {
        await ScaleBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [DurableBench.Verb, ..])
    {
        await DurableBench.RunAsync(args[1..]);
        return 0;
    }

    if (args is [SoakBench.Verb, ..])
    {
        await SoakBench.RunAsync(args[1..]);
        return 0;
    }

    BenchOptions options = BenchOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(BenchOptions.Usage);
        return 0;
    }

    Catalogue catalogue = options.CatalogueFolder is { } folder ? new Catalogue(folder, options.Quick) : Catalogue.Find(options.Quick);
    IReadOnlyList<string> names = options.Workloads.Count > 0 ? options.Workloads : catalogue.Names;
    foreach (string name in names) _ = catalogue.JobOf(name);
    if (names.Count == 1) await MeasureAsync(names[0], catalogue, options);
    else foreach (string name in names) await MeasureInAnotherProcessAsync(name, options);
    return 0;
}
catch (Exception failure) when (failure is BenchException or TimeoutException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static async Task MeasureAsync(string name, Catalogue catalogue, BenchOptions options)
{
    var hosts = new BenchHosts(options);
    var report = new BenchReport(options.Contestant, name, options.JsonLines);
    if (!await new AdmitOutcome(catalogue, hosts, report, options.Level).AllowsAsync(name)) return;
    await (name switch
    {
        "W1" or "W2" or "W3" or "W4" or "W10" => new Latency(catalogue, hosts, report).MeasureAsync(name),
        "W5" => new Load(catalogue, hosts, report).MeasureAsync(name),
        "W6" or "W6b" => new EndlessLoops(catalogue, hosts, report).MeasureAsync(name),
        "W7" or "W7b" or "W11" => new Bombs(catalogue, hosts, report).MeasureAsync(name),
        "W8" => new ColdStart(catalogue, hosts, report, options).MeasureAsync(name),
        "W9" => new Memory(catalogue, hosts, report).MeasureAsync(name),
        _ => throw new BenchException($"{name} has no figure of its own"),
    });
}

// One process per workload, as for the peers: no workload profits from the code, heap or workers that another one warmed up.
static async Task MeasureInAnotherProcessAsync(string name, BenchOptions options)
{
    using Process process = Process.Start(Environment.ProcessPath!, options.ArgumentsFor(name));
    await process.WaitForExitAsync();
    if (process.ExitCode != 0) throw new BenchException($"{name} ended with exit code {process.ExitCode}");
}
