using System.Collections.Generic;

namespace Enclave.Analyzers;

/// <summary>A name that users of the documented JavaScript product write first, and what it is here.</summary>
internal sealed class PortedName(string owner, string name, string here, bool isFix)
{
    /// <summary>The type whose member it would be; empty for types and functions.</summary>
    public string Owner => owner;

    /// <summary>The name, in C#'s spelling.</summary>
    public string Name => name;

    /// <summary>The member or the type here, or the reason why there is none.</summary>
    public string Here => here;

    /// <summary>True if <see cref="Here"/> may stand in the place of the name.</summary>
    public bool IsFix => isFix;

    /// <summary>All entries, in the order of the page docs/porting.md.</summary>
    public static IReadOnlyList<PortedName> All { get; } = Entries();

    private static List<PortedName> Entries()
    {
        List<PortedName> all = [];
        Same("", "EnclaveHost", "Enclave", "EnclaveJS", "EnclaveInstance");
        Same("", "EnclaveOptions", "CreateEnclaveOptions", "EnclaveConfig");
        Same("", "new EnclaveHost", "CreateEnclave");
        Same("", "ExecutionResult", "EnclaveResult", "RunResult");
        Same("", "ExecutionError", "EnclaveError");
        Same("", "ExecutionSession", "Session");
        Same("", "ScoringOptions", "ScoringGateOptions", "ScoringGate");
        Same("", "WorkerPoolOptions", "WorkerPoolConfig");
        Same("", "ToolContext", "ToolHandlerContext");
        Other("", "EnclaveBrokerServiceCollectionExtensions.AddEnclaveBroker", "CreateBroker");
        Other("", "RuntimeWorkerFactory.CreateRuntimeWorker", "CreateRuntimeWorker");
        Other("", "EnclaveAdapter.CreateWorkerPool", "CreateWorkerPoolAdapter");
        Other("", "EnclaveOptions.DoubleVm", "CreateDoubleVmAdapter");
        Same("IEnclave", "RunAsync", "Run", "RunAgentScript", "RunAgentScriptAsync", "Execute", "ExecuteAsync", "Eval", "EvalAsync");
        Same("IEnclave", "Validate", "ValidateAsync", "Check", "CheckAsync");
        Same("IEnclave", "Score", "ScoreAsync");
        Same("IEnclave", "OpenSession", "CreateSession", "CreateSessionAsync", "OpenSessionAsync", "Session");
        Same("EnclaveHost", "WarmUpAsync", "Initialize", "InitializeAsync", "WarmUp");
        Same("IEnclave", "GetSnapshot", "GetStats", "GetMetrics", "Stats");
        Same("IEnclave", "GetIsolationReport", "GetSecurityLevel", "GetEffectiveConfig");
        Other("IEnclave", "ScoringOptions.OnScore", "GetScoringStats");
        Other("IEnclave", "EnclaveOptions.Tools", "AddTool", "RegisterTool", "Tool");
        Same("IEnclave", "DisposeAsync", "Destroy", "Close", "CloseAsync", "Terminate");
        Same("EnclaveOptions", "SecurityLevel", "Level");
        Same("EnclaveOptions", "Timeout", "TimeoutMs", "TimeoutMilliseconds");
        Same("EnclaveOptions", "MemoryLimit", "MaxMemory", "MemoryLimitBytes");
        Same("EnclaveOptions", "MaxConsoleBytes", "MaxConsoleOutputBytes", "MaxStdoutBytes");
        Same("EnclaveOptions", "Globals", "CustomGlobals", "AdditionalGlobals", "Context");
        Same("EnclaveOptions", "Scoring", "ScoringGate");
        Same("EnclaveOptions", "WorkerPool", "WorkerPoolConfig", "Pool", "PoolOptions");
        Other("EnclaveOptions", "ScoringOptions.Scorer", "Scorer", "CustomScorer");
        Other("EnclaveOptions", "ScoringOptions.OnScore", "OnScore");
        Other("EnclaveOptions", "WorkerPoolOptions.MaxMessageBytes", "ToolBridge", "MaxPayloadBytes");
        Other("EnclaveOptions", "RunOptions.OnConsole", "OnConsole", "OnStdout");
        Other("EnclaveOptions", "ToolContext", "OnToolCall");
        None("EnclaveOptions", "make the function a tool", "AllowFunctionsInGlobals");
        None("EnclaveOptions", "it is always so", "Transform", "SanitizeStackTraces", "SecureProxyConfig", "AllowBuiltins");
        None("EnclaveOptions", "the level sets these limits", "MaxSanitizeDepth", "MaxSanitizeProperties");
        Same("WorkerPoolOptions", "IdleTimeout", "IdleTimeoutMs");
        Same("WorkerPoolOptions", "QueueTimeout", "QueueTimeoutMs");
        Same("WorkerPoolOptions", "GracefulShutdownTimeout", "GracefulShutdownTimeoutMs");
        Same("WorkerPoolOptions", "MaxMessageBytes", "MaxMessageSizeBytes");
        Other("WorkerPoolOptions", "PoolAdapterOptions.PoolSize", "PoolSize");
        Same("WorkerPoolOptions", "MemoryLimitPerWorker", "MaxWorkerMemory");
        Other("WorkerPoolOptions", "EnclaveOptions.OnWorkerRecycled", "OnWorkerRecycled");
        Other("WorkerPoolOptions", "EnclaveOptions.OnStatsUpdate", "OnStatsUpdate");
        Other("WorkerPoolOptions", "EnclaveHost.WarmUpAsync", "WarmOnInit");
        None("WorkerPoolOptions", "V8 and the kernel bound memory", "MemoryCheckIntervalMs", "MemoryCheckInterval");
        Other("ScoringOptions", "ScoringOptions.OnFailure", "FailOpen");
        Other("ScoringOptions", "ScoringOptions.CacheEntries", "Cache");
        Same("ScoringOptions", "CacheTtl", "Ttl");
        Same("ScoringOptions", "Scorer", "CustomScorer");
        Other("ScoringOptions", "ScoringOptions.Scorer", "Type");
        Same("ExecutionResult", "Success", "Ok", "IsSuccess", "Succeeded");
        Same("ExecutionResult", "Value", "Result", "Data", "Output", "ReturnValue");
        Same("ExecutionResult", "Stdout", "Logs", "Console", "ConsoleOutput");
        Same("ExecutionResult", "Error!.Code", "Code", "ErrorCode");
        Same("ExecutionResult", "Stats.Duration", "Duration");
        Other("ExecutionResult", "ScoringOptions.OnScore", "ScoringResult", "Verdict", "Score");
        Same("ExecutionStats", "ToolCallCount", "ToolCalls");
        Same("ExecutionStats", "IterationCount", "Iterations");
        Same("ExecutionStats", "PeakMemoryBytes", "MemoryUsage", "MemoryUsed");
        Same("ExecutionStats", "Duration", "DurationMs", "ExecutionTime");
        None("ExecutionStats", "events and audit records have the times of day", "StartTime", "EndTime");
        Same("ScoreVerdict", "Result.Score", "Score", "TotalScore");
        Same("ScoreVerdict", "Result.RiskLevel", "RiskLevel");
        Same("ScoreVerdict", "Result.Signals", "Signals");
        Other("ScoreVerdict", "ScoreVerdict.Outcome", "Allowed", "Warned");
        Same("ScoreVerdict", "Latency", "LatencyMs");
        Same("ScoreVerdict", "IsCached", "Cached");
        Same("ScoreResult", "Score", "TotalScore");
        Same("ValidationResult", "Valid", "IsValid", "Success");
        Same("ValidationResult", "Issues", "Errors");
        Same("ToolCollection", "Add", "Register", "RegisterTool", "Set");
        Same("ToolOptions", "Timeout", "TimeoutMs");
        Same("EnclaveAdapter", "EnclaveAdapter.Embedded", "Vm");
        Same("EnclaveAdapter", "EnclaveAdapter.WorkerPool", "WorkerThreads", "IsolatedVm");
        return all;

        void Same(string owner, string here, params string[] names) => Add(owner, here, true, names);

        void Other(string owner, string here, params string[] names) => Add(owner, here, false, names);

        void None(string owner, string why, params string[] names) => Add(owner, $"none: {why}", false, names);

        void Add(string owner, string here, bool isFix, string[] names)
        {
            foreach (string name in names) all.Add(new PortedName(owner, name, here, isFix));
        }
    }
}
