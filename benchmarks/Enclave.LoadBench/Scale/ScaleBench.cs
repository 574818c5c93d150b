namespace Enclave.LoadBench.Scale;

/// <summary>Measures growing numbers of workers, tenants, console lines and tool calls, and growing sources and values.</summary>
internal static class ScaleBench
{
    /// <summary>The verb of the command line: <c>--scale</c>.</summary>
    public const string Verb = "--scale";

    private const string Parts = "workers, fairness, tenants, growth";

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        bool quick = false, json = false;
        string? only = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--json": json = true; break;
                case "--only" when i + 1 < arguments.Count: only = arguments[++i]; break;
                case var name: throw new BenchException($"{name} is no argument of --scale; it takes --quick, --json and --only NAME ({Parts})");
            }
        }

        if (only is not null && !Parts.Split(", ").Contains(only)) throw new BenchException($"--only is {only}; it must be one of {Parts}");
        Catalogue catalogue = Catalogue.Find(quick);
        BenchReport Report(string name) => new("enclave", name, json);
        if (only is null or "workers") await new WorkerScale(catalogue, Report("S1"), quick).MeasureAsync();
        if (only is null or "fairness") await new Fairness(catalogue, Report("S2"), quick).MeasureAsync();
        if (only is null or "tenants") await new TenantSwitches(catalogue, Report("W12"), quick).MeasureAsync();
        if (only is null or "growth") await new Growth(Report("S3"), quick).MeasureAsync();
    }
}
