using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Measures durable runs: what a waiting run costs, how fast runs wake, and journaled steps a second; for each store.</summary>
internal static class DurableBench
{
    /// <summary>The verb of the command line: <c>--durable</c>.</summary>
    public const string Verb = "--durable";

    private static readonly (string Name, Func<StoreKind, BenchReport, DurableSizes, Task> MeasureAsync)[] s_parts =
    [
        ("suspended", (kind, report, _) => WithAsync(kind, (store) => new SuspendedRun(store, report).MeasureAsync())),
        ("many", (kind, report, sizes) => WithAsync(kind, (store) => new ManyRuns(store, report, sizes).MeasureAsync())),
        ("waking", (kind, report, sizes) => WithAsync(kind, (store) => new Waking(store, report, sizes).MeasureAsync())),
        ("due", (kind, report, sizes) => WithAsync(kind, (store) => new DueAtOnce(store, report, sizes).MeasureAsync())),
        ("steps", (kind, report, sizes) => new Steps(kind, report, sizes).MeasureAsync()),
    ];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        bool quick = false, json = false;
        string? only = null, store = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--json": json = true; break;
                case "--only" when i + 1 < arguments.Count: only = arguments[++i]; break;
                case "--store" when i + 1 < arguments.Count: store = arguments[++i]; break;
                case var name: throw new BenchException($"{name} is no argument of --durable; it takes --quick, --json, --only NAME and --store NAME");
            }
        }

        string[] parts = [.. s_parts.Select((part) => part.Name)], stores = [.. StoreKind.All.Select((kind) => kind.Name)];
        if (only is not null && !parts.Contains(only)) throw new BenchException($"--only is {only}; it must be one of {string.Join(", ", parts)}");
        if (store is not null && !stores.Contains(store)) throw new BenchException($"--store is {store}; it must be one of {string.Join(", ", stores)}");
        if (only is not null && store is not null)
        {
            StoreKind kind = StoreKind.All.First((one) => one.Name == store);
            await s_parts.First((part) => part.Name == only).MeasureAsync(kind, new BenchReport(store, only, json), DurableSizes.Of(quick));
            return;
        }

        foreach (string part in only is null ? parts : [only])
            foreach (string one in store is null ? stores : [store]) await MeasureInAnotherProcessAsync(["--only", part, "--store", one], quick, json);
    }

    private static async Task WithAsync(StoreKind kind, Func<MeasuredStore, Task> measureAsync)
    {
        await using MeasuredStore store = await kind.OpenAsync();
        await measureAsync(store);
    }

    /// <summary>No part profits from the code, the heap or the workers that another one warmed up.</summary>
    private static async Task MeasureInAnotherProcessAsync(string[] chosen, bool quick, bool json)
    {
        string[] all = [Verb, .. chosen, .. quick ? (string[])["--quick"] : [], .. json ? (string[])["--json"] : []];
        using Process process = Process.Start(Environment.ProcessPath!, all);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new BenchException($"{string.Join(' ', all)} ended with exit code {process.ExitCode}");
    }
}
