using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <summary>
/// Log messages of the host. Ids: 1-19 workers, 20-39 pool, 40-59 callers' code. The next free ones are 6, 29 and 51; 2 is of <see cref="WorkerLog"/>.
/// Sources and values are never logged, and text of scripts, workers and callers passes <see cref="LogText"/>.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Worker {WorkerId} is ready (pid {Pid})")]
    public static partial void WorkerReady(ILogger log, int workerId, int pid);

    [LoggerMessage(3, LogLevel.Warning, "Worker {WorkerId} was ended: {Reason}: {Why}")]
    public static partial void WorkerLost(ILogger log, int workerId, RecycleReason reason, string why);

    [LoggerMessage(4, LogLevel.Error, "A worker could not be started ({Failures} times in a row): {Why}")]
    public static partial void StartFailed(ILogger log, int failures, string why);

    [LoggerMessage(5, LogLevel.Critical, "Security event {Kind} at worker {WorkerId} (pid {Pid}), run {RunId}: {Detail}")]
    public static partial void SecurityEvent(ILogger log, SecurityEventKind kind, int workerId, int pid, string runId, string detail);

    [LoggerMessage(20, LogLevel.Warning, "{Level} runs without mandatory layers, as AllowDegradedIsolation accepts: {Layers}")]
    public static partial void DegradedIsolation(ILogger log, SecurityLevel level, string layers);

    [LoggerMessage(28, LogLevel.Warning,
        "{Level} runs on the portable engine, which is for development: without never-used memory within a worker, exact CPU time, {Layers}")]
    public static partial void PortableEngine(ILogger log, SecurityLevel level, string layers);

    [LoggerMessage(21, LogLevel.Error, "Starting workers fails again and again; the next attempt is in {Delay}")]
    public static partial void CrashLoop(ILogger log, TimeSpan delay);

    [LoggerMessage(22, LogLevel.Information, "The pool is shutting down: {Active} jobs run, {Queued} wait")]
    public static partial void ShuttingDown(ILogger log, int active, int queued);

    [LoggerMessage(23, LogLevel.Warning, "{Active} jobs had not ended after {Timeout} and were killed")]
    public static partial void ShutdownKilled(ILogger log, int active, TimeSpan timeout);

    [LoggerMessage(24, LogLevel.Warning, "The tool policy refused a call of run {RunId} because it threw, or gave no verdict: {Where}")]
    public static partial void PolicyThrew(ILogger log, string runId, string where);

    [LoggerMessage(25, LogLevel.Warning, "The outer isolate of run {RunId} ended, and its calls are refused: {Code}, {Where}")]
    public static partial void PolicyEnded(ILogger log, string runId, string code, string where);

    [LoggerMessage(26, LogLevel.Warning, "A tool call of run {RunId} (tenant {Tenant}) was refused, {Detail}")]
    public static partial void ToolSequenceBlocked(ILogger log, string runId, string tenant, string detail);

    [LoggerMessage(EventId = 27, Message = "Run {RunId} failed: {Code}; tenant {Tenant}, source {Source}, line {Line}, trace {TraceId}")]
    public static partial void RunFailed(
        ILogger log, LogLevel level, string runId, string code, string tenant, string source, string line, string traceId);

    [LoggerMessage(40, LogLevel.Error, "OnWorkerRecycled threw")]
    public static partial void RecycledCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(41, LogLevel.Error, "OnStatsUpdate threw")]
    public static partial void StatsCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(43, LogLevel.Error, "OnSecurityEvent threw")]
    public static partial void SecurityCallbackFailed(ILogger log, Exception fault);

    [LoggerMessage(44, LogLevel.Error, "Tool {Tool} failed; tenant {Tenant}, run {RunId}")]
    public static partial void ToolFailed(ILogger log, string tool, string tenant, string runId, Exception fault);

    [LoggerMessage(45, LogLevel.Error, "OnToolApproval threw for {Tool}: the call was denied; tenant {Tenant}, run {RunId}")]
    public static partial void ApprovalCallbackFailed(ILogger log, string tool, string tenant, string runId, Exception fault);

    [LoggerMessage(46, LogLevel.Warning,
        "AllowedToolNames allows tools that this host does not have: {Tools}. Correct the names, unless a run brings them (RunOptions.Tools), a session's "
        + "client answers them, or a source adds them later")]
    public static partial void UnknownAllowedTools(ILogger log, string tools);

    [LoggerMessage(51, LogLevel.Warning,
        "{Workers} workers of {Limit} MB may take {Most} MB, and this machine or container has {There} MB: lower MaxWorkers or MemoryLimitPerWorker, unless "
        + "scripts use much less than their limit")]
    public static partial void MoreMemoryThanThere(ILogger log, int workers, long limit, long most, long there);

    [LoggerMessage(52, LogLevel.Warning,
        "The configuration changed: {Keys}. A host keeps the options that it was started with: restart the application for the new ones")]
    public static partial void OptionsChanged(ILogger log, string keys);

    [LoggerMessage(42, LogLevel.Error, "OnConsole threw; tenant {Tenant}, run {RunId}")]
    public static partial void ConsoleCallbackFailed(ILogger log, string tenant, string runId, Exception fault);

    [LoggerMessage(47, LogLevel.Error, "The store of durable runs failed; it is asked again")]
    public static partial void DurableStoreFailed(ILogger log, Exception fault);

    [LoggerMessage(48, LogLevel.Error, "The durable run {Name} could not be resumed ({Failures} times in a row); it is tried again")]
    public static partial void DurableRunNotResumed(ILogger log, string name, int failures, Exception fault);

    [LoggerMessage(49, LogLevel.Warning, "The durable run {Name} goes on with tools whose schemas are others than at its start: {Tools}")]
    public static partial void DurableToolsChanged(ILogger log, string name, string tools);

    [LoggerMessage(50, LogLevel.Error, "The compensation of {Tool} failed; tenant {Tenant}, run {RunId}")]
    public static partial void CompensationFailed(ILogger log, string tool, string tenant, string runId, Exception fault);
}
