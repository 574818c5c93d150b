using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <content>Ids 60 to 69: audit and recordings. The next free is 67.</content>
internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Error, "The audit sink failed and is asked again; {Waiting} records wait")]
    public static partial void AuditSinkFailed(ILogger log, Exception fault, int waiting);

    [LoggerMessage(61, LogLevel.Information, "The audit sink takes records again; {Waiting} wait")]
    public static partial void AuditSinkRecovered(ILogger log, int waiting);

    [LoggerMessage(62, LogLevel.Error, "{QueueSize} audit records wait for the sink: {WhenFull} is what happens to more (AuditOptions.WhenFull)")]
    public static partial void AuditQueueFull(ILogger log, int queueSize, string whenFull);

    [LoggerMessage(63, LogLevel.Critical, "{Left} audit records were not taken by the sink within {FlushTimeout} of disposal and are lost")]
    public static partial void AuditNotFlushed(ILogger log, int left, TimeSpan flushTimeout);

    [LoggerMessage(65, LogLevel.Critical, "A run ended after the audit was closed, and its record is lost")]
    public static partial void AuditClosed(ILogger log);

    [LoggerMessage(66, LogLevel.Error, "The recording of run {RunId} could not be kept: {Why}")]
    public static partial void RecordingNotKept(ILogger log, string runId, string why);

    [LoggerMessage(64, LogLevel.Warning,
        "Run {RunId} could not be recorded: its console, arguments and answers have more than {MaxBytes} bytes, or hold references to values in the sidecar")]
    public static partial void NotRecorded(ILogger log, string runId, long maxBytes);
}
