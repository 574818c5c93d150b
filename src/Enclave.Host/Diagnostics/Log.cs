using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <summary>
/// Log messages of the host. Ids: 1-19 workers, 20-39 pool, 40-59 callers' code. The next
/// free ones are 6, 27 and 46. Sources and values are never logged.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Worker {WorkerId} is ready (pid {Pid})")]
    public static partial void WorkerReady(ILogger log, int workerId, int pid);

    [LoggerMessage(2, LogLevel.Debug, "Worker {WorkerId} (pid {Pid}) is gone: {ExitCode}, {Why}")]
    public static partial void WorkerGone(ILogger log, int workerId, int pid, int exitCode, string why);

    [LoggerMessage(3, LogLevel.Warning, "Worker {WorkerId} was ended: {Reason}, {Why}")]
    public static partial void WorkerLost(ILogger log, int workerId, RecycleReason reason, string why);

    [LoggerMessage(4, LogLevel.Error, "A worker could not be started ({Failures} times in a row): {Why}")]
    public static partial void StartFailed(ILogger log, int failures, string why);

    [LoggerMessage(5, LogLevel.Critical, "Security event {Kind} at worker {WorkerId} (pid {Pid}): {Detail}")]
    public static partial void SecurityEvent(ILogger log, SecurityEventKind kind, int workerId, int pid, string detail);

    [LoggerMessage(20, LogLevel.Warning, "{Level} runs without mandatory layers, as AllowDegradedIsolation accepts: {Layers}")]
    public static partial void DegradedIsolation(ILogger log, SecurityLevel level, string layers);

    [LoggerMessage(21, LogLevel.Error, "Starting workers fails again and again; the next attempt is in {Delay}")]
    public static partial void CrashLoop(ILogger log, TimeSpan delay);

    [LoggerMessage(22, LogLevel.Information, "The pool is shutting down: {Active} jobs run, {Queued} wait")]
    public static partial void ShuttingDown(ILogger log, int active, int queued);

    [LoggerMessage(23, LogLevel.Warning, "{Active} jobs had not ended after {Timeout} and were killed")]
    public static partial void ShutdownKilled(ILogger log, int active, TimeSpan timeout);

    [LoggerMessage(24, LogLevel.Warning, "The tool policy refused a call of job {JobId} because it threw, or gave no verdict: {Where}")]
    public static partial void PolicyThrew(ILogger log, ulong jobId, string where);

    [LoggerMessage(25, LogLevel.Warning, "The outer isolate of job {JobId} ended, and its calls are refused: {Code}, {Where}")]
    public static partial void PolicyEnded(ILogger log, ulong jobId, string code, string where);

    [LoggerMessage(26, LogLevel.Warning, "A tool call of job {JobId} (tenant {Tenant}) was refused, {Detail}")]
    public static partial void ToolSequenceBlocked(ILogger log, ulong jobId, string? tenant, string detail);

    [LoggerMessage(40, LogLevel.Error, "OnWorkerRecycled threw")]
    public static partial void RecycledCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(41, LogLevel.Error, "OnStatsUpdate threw")]
    public static partial void StatsCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(43, LogLevel.Error, "OnSecurityEvent threw")]
    public static partial void SecurityCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(44, LogLevel.Error, "Tool {Tool} failed")]
    public static partial void ToolFailed(ILogger log, string tool, Exception fault);

    [LoggerMessage(45, LogLevel.Error, "OnToolApproval threw for {Tool}: the call was denied")]
    public static partial void ApprovalCallbackFailed(ILogger log, string tool, Exception fault);

    [LoggerMessage(42, LogLevel.Error, "OnConsole threw")]
    public static partial void ConsoleCallbackFailed(ILogger log, Exception fault);
}
