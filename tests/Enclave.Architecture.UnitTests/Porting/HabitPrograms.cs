namespace Enclave.Architecture.UnitTests.Porting;

/// <summary>First programs as users of the documented JavaScript product write them in C#, before they have read a page.</summary>
internal static class HabitPrograms
{
    /// <summary>The name of the habit, its statements, and what it leads to: <c>=</c> for a program that compiles, else the text of the code fix,
    /// or of the message where there is no fix.</summary>
    public static IReadOnlyList<(string Name, string Code, string LeadsTo)> All { get; } =
    [
        ("new Enclave", "var enclave = new Enclave(new EnclaveOptions());", "EnclaveHost"),
        ("createEnclave", "var enclave = createEnclave(new EnclaveOptions());", "new EnclaveHost"),
        ("no options", "await using var enclave = new EnclaveHost(); var r = await enclave.RunAsync(\"return 1\");", "="),
        ("Run", "var r = await enclave.Run(\"return 1\");", "RunAsync"),
        ("run", "var r = await enclave.run(\"return 1\");", "RunAsync"),
        ("runAgentScript", "var r = await enclave.runAgentScript(\"return 1\");", "RunAsync"),
        ("ValidateAsync", "var issues = (await enclave.ValidateAsync(\"return 1\")).Issues;", "Validate"),
        ("validate on an interface", "IEnclave some = enclave; var issues = some.validate(\"return 1\").Issues;", "Validate"),
        ("initialize", "await enclave.InitializeAsync();", "WarmUpAsync"),
        ("dispose at once", "enclave.Dispose();", "="),
        ("dispose and wait", "await enclave.DisposeAsync();", "="),
        ("getStats", "var stats = enclave.GetStats();", "GetSnapshot"),
        ("success, value, code, stats",
            "Console.WriteLine(result.Success ? result.Value : result.Error!.Code); Console.WriteLine(result.Stats.Duration);", "="),
        ("names in small letters", "Console.WriteLine(result.success ? result.value : result.error!.code);", "Success"),
        ("options in small letters", "var o = new EnclaveOptions { timeout = 5000, memoryLimit = 1 << 26, toolHandler = async (name, args) => 1 };", "Timeout"),
        ("code at the result", "Console.WriteLine(result.Code);", "Error!.Code"),
        ("code without null check", "Console.WriteLine(result?.ErrorCode);", "Error!.Code"),
        ("duration at the result", "Console.WriteLine(result.Duration);", "Stats.Duration"),
        ("tool calls in the stats", "int calls = result.Stats.ToolCalls;", "ToolCallCount"),
        ("memory in the stats", "long bytes = result.Stats.MemoryUsage;", "PeakMemoryBytes"),
        ("a code as text", "if (result.Error!.Code == \"MAX_TOOL_CALLS\") return;", "ErrorCode.MaxToolCalls"),
        ("a verdict at the result", "Console.WriteLine(result.Verdict.Score);", "Verdict is ScoringOptions.OnScore here"),
        ("a score of the verdict", "var o = new ScoringOptions { OnScore = (verdict) => Console.WriteLine(verdict.Score) };", "Result.Score"),
        ("a score by hand", "double score = enclave.Score(\"return 1\").TotalScore;", "Score"),
        ("a scorer as an instance", "var o = new EnclaveOptions { Scoring = new ScoringOptions { Scorer = new RuleBasedScorer() } };", "="),
        ("a scorer in the options", "var o = new EnclaveOptions { Scorer = new RuleBasedScorer() };", "Scorer is ScoringOptions.Scorer here"),
        ("scoringGate", "var o = new EnclaveOptions { ScoringGate = new ScoringOptions() };", "Scoring"),
        ("failOpen", "var o = new ScoringOptions { FailOpen = false };", "FailOpen is ScoringOptions.OnFailure here"),
        ("callbacks in the pool",
            "var o = new WorkerPoolOptions { OnWorkerRecycled = (reason) => { } };", "OnWorkerRecycled is EnclaveOptions.OnWorkerRecycled here"),
        ("milliseconds in a name", "var o = new WorkerPoolOptions { IdleTimeoutMs = 5000 };", "IdleTimeout"),
        ("workerPoolConfig", "var o = new EnclaveOptions { WorkerPoolConfig = new WorkerPoolOptions() };", "WorkerPool"),
        ("a handler of two", "var o = new EnclaveOptions { ToolHandler = async (name, args) => new { Id = 7 } };", "(name, args, context)"),
        ("a handler of three", "var o = new EnclaveOptions { ToolHandler = async (name, args, context) => new { Id = args[\"id\"].AsInt32() } };", "="),
        ("a handler's argument by member",
            "var o = new EnclaveOptions { ToolHandler = async (name, args, context) => args.Id };", "read by its name: value[\"Id\"]"),
        ("a handler without parameters", "var tools = new ToolCollection(); tools.Add(\"now\", () => 42);", "="),
        ("a tool by its name", "new EnclaveOptions().Tools.Register(\"now\", () => 42);", "Add"),
        ("a level as text", "var o = new EnclaveOptions { SecurityLevel = \"STRICT\" };", "SecurityLevel.Strict"),
        ("a preset as text", "var o = new EnclaveOptions { Preset = \"strict\" };", "GuardPreset.Strict"),
        ("an adapter as text", "var o = new EnclaveOptions { Adapter = \"worker_threads\" };", "EnclaveAdapter.WorkerPool"),
        ("milliseconds", "var o = new EnclaveOptions { Timeout = 5000 };", "TimeSpan.FromMilliseconds(5000)"),
        ("milliseconds of one run", "var r = await enclave.RunAsync(\"return 1\", new RunOptions { Timeout = 5000 });", "TimeSpan.FromMilliseconds(5000)"),
        ("maxConsoleOutputBytes", "var o = new EnclaveOptions { MaxConsoleOutputBytes = 1 << 20 };", "MaxConsoleBytes"),
        ("functions in globals", "var o = new EnclaveOptions { AllowFunctionsInGlobals = true };", "not needed here: make the function a tool"),
        ("a value by member", "Console.WriteLine(result.Value.total);", "read by its name: value[\"total\"]"),
    ];

    /// <summary>The whole program.</summary>
    public static string Program(string code) =>
        $$"""
        using System;
        using System.Threading.Tasks;
        using Enclave;
        using Enclave.Guard;
        using Enclave.Protocol;

        internal static class Program
        {
            private static async Task Main()
            {
                {{Given(code)}}
                {{code}}
            }
        }
        """;

    private static string Given(string code) =>
        (code.Contains("var enclave =", StringComparison.Ordinal) ? "" : "await using var enclave = new EnclaveHost(new EnclaveOptions()); ")
        + (code.Contains("result", StringComparison.Ordinal) ? "ExecutionResult result = await enclave.RunAsync(\"return 1\");" : "");
}
