using System.Diagnostics;
using System.Globalization;
using Enclave.Guard;
using Enclave.Outcomes;
using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <summary>Logs a run that failed. Its error's message is left out, because it may hold data of the script.</summary>
internal static class FailedRun
{
    /// <param name="log">The log.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="options">Its options; null for none.</param>
    /// <param name="error">Its error; null if its caller cancelled it.</param>
    /// <param name="caller">The activity in which it was called; null for none.</param>
    public static void Log(ILogger log, string? run, RunOptions? options, ExecutionError? error, Activity? caller)
    {
        LogLevel level = LevelOf(error?.Code);
        if (!log.IsEnabled(level)) return;
        string code = error?.Code.ToCode() ?? TelemetryNames.CallerCancelled, tenant = LogText.Name(options?.Tenant);
        string source = LogText.Name(options?.SourceName ?? RunOptions.DefaultSourceName), trace = caller?.TraceId.ToHexString() ?? LogText.None;
        string line = (error is null ? null : LineOf(error)?.ToString(CultureInfo.InvariantCulture)) ?? LogText.None;
        Diagnostics.Log.RunFailed(log, level, run ?? LogText.None, code, tenant, source, line, trace);
    }

    /// <summary>A warning if the host, its sizes or its machine failed the run. All other failures come from the script or its caller.</summary>
    private static LogLevel LevelOf(ErrorCode? code) => code switch
    {
        ErrorCode.QueueFull or ErrorCode.QueueTimeout or ErrorCode.WorkerCrashed or ErrorCode.ProtocolViolation or ErrorCode.PoolDisposed
            or ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed or ErrorCode.WorkerUnavailable => LogLevel.Warning,
        _ => LogLevel.Information,
    };

    /// <summary>The line of the script at which it was refused, thrown or stopped; null if the error names none.</summary>
    private static int? LineOf(ExecutionError error)
    {
        if (error.Data?.GetValueOrDefault("line") is int line) return line;
        if (error.Data?.GetValueOrDefault("issues") is IEnumerable<GuardIssue> issues)
            return issues.FirstOrDefault((issue) => issue is { Severity: IssueSeverity.Error, Location: not null })?.Location?.Line;
        return ErrorModelText.LineOf(error.Stack);
    }
}
