namespace Enclave.LoadBench;

/// <summary>The options of the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        Measures Enclave with the jobs of benchmarks/workloads.json.

          Enclave.LoadBench [--workload W1,W2] [--quick] [--level strict|secure|standard|permissive] [--adapter pool|embedded|double-vm]
                              [--workers N] [--ahead FILE] [--json-lines] [--catalogue FOLDER]

          --workload    which workloads, by name; all of them without it
          --quick       few jobs: whether everything works, not how fast
          --level       the security level; standard without it
          --adapter     worker pool, embedded, or a worker pool with an outer isolate; pool without it
          --workers     a pool of exactly so many workers; the level's preset without it
          --ahead       W8 starts this program, Enclave.StartBench compiled ahead; this program itself without it
          --json-lines  one JSON object for each figure, as benchmarks/peers/run.mjs prints them
          --catalogue   where workloads.json lies; the checkout's benchmarks without it
        """;

    /// <summary>Empty for all workloads.</summary>
    public IReadOnlyList<string> Workloads { get; private init; } = [];

    public bool Quick { get; private init; }

    public SecurityLevel Level { get; private init; } = SecurityLevel.Standard;

    public BenchAdapter Adapter { get; private init; } = BenchAdapter.Pool;

    public int? Workers { get; private init; }

    /// <summary>The program whose start W8 measures; null for this one.</summary>
    public string? Ahead { get; private init; }

    /// <summary>The contestant's name: "enclave" for STANDARD with the worker pool. Other settings add a suffix: "enclave-strict".</summary>
    public string Contestant => string.Join('-', (string[])
    [
        "enclave",
        .. Level == SecurityLevel.Standard ? [] : (string[])[Level.ToString().ToLowerInvariant()],
        .. Adapter == BenchAdapter.Pool ? [] : (string[])[AdapterName(Adapter)],
        .. Ahead is null ? [] : (string[])["aot"],
    ]);

    public bool JsonLines { get; private init; }

    /// <summary>Null for the folder in the checkout.</summary>
    public string? CatalogueFolder { get; private init; }

    public bool Help { get; private init; }

    /// <exception cref="BenchException">An argument or its value is unknown.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new BenchException($"{name} needs a value");
            options = name switch
            {
                "--workload" => options with { Workloads = Value().Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--quick" => options with { Quick = true },
                "--level" => options with { Level = ReadLevel(Value()) },
                "--adapter" => options with { Adapter = ReadAdapter(Value()) },
                "--workers" => options with { Workers = ReadWorkers(Value()) },
                "--ahead" => options with { Ahead = Value() },
                "--json-lines" => options with { JsonLines = true },
                "--catalogue" => options with { CatalogueFolder = Value() },
                "--help" or "-h" => options with { Help = true },
                _ => throw new BenchException($"{name} is no argument of this program; --help shows what is"),
            };
        }

        return options;
    }

    /// <summary>The arguments with which another process measures one of the workloads in the same way.</summary>
    public IReadOnlyList<string> ArgumentsFor(string workload)
    {
        List<string> arguments = ["--workload", workload, "--level", Level.ToString(), "--adapter", AdapterName(Adapter)];
        if (Quick) arguments.Add("--quick");
        if (Workers is { } workers) arguments.AddRange(["--workers", $"{workers}"]);
        if (Ahead is { } program) arguments.AddRange(["--ahead", program]);
        if (JsonLines) arguments.Add("--json-lines");
        if (CatalogueFolder is { } folder) arguments.AddRange(["--catalogue", folder]);
        return arguments;
    }

    private static SecurityLevel ReadLevel(string text) =>
        Enum.TryParse(text, ignoreCase: true, out SecurityLevel level) && Enum.IsDefined(level)
            ? level
            : throw new BenchException($"--level is {text}; it must be strict, secure, standard or permissive");

    private static string AdapterName(BenchAdapter adapter) =>
        adapter switch { BenchAdapter.Embedded => "embedded", BenchAdapter.DoubleVm => "double-vm", _ => "pool" };

    private static BenchAdapter ReadAdapter(string text) =>
        Enum.GetValues<BenchAdapter>().Cast<BenchAdapter?>().FirstOrDefault((adapter) => AdapterName(adapter!.Value) == text)
        ?? throw new BenchException($"--adapter is {text}; it must be pool, embedded or double-vm");

    private static int ReadWorkers(string text) =>
        int.TryParse(text, out int count) && count is >= 1 and <= 256 ? count : throw new BenchException($"--workers is {text}; it must be 1 to 256");
}
