using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: BenchmarkDotNet's default of one project per benchmark would take minutes to restore and build.
Job job = (args.Contains("--quick") ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
IConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief)
    .AddLogger(ConsoleLogger.Default)
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "bench", "micro"));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where((argument) => argument != "--quick"),
    .. args.Any((argument) => argument.StartsWith("--filter", StringComparison.Ordinal)) ? [] : (string[])["--filter", "*"]], config);
