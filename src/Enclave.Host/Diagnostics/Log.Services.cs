using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <content>Ids 80 to 89: services. The next free is 84.</content>
internal static partial class Log
{
    [LoggerMessage(80, LogLevel.Information, "The document of {Service} gives {Tools} tools")]
    public static partial void ServiceRead(ILogger log, string service, int tools);

    [LoggerMessage(81, LogLevel.Debug, "No tool of {Service}: {Operation}")]
    public static partial void OperationSkipped(ILogger log, string service, string operation);

    [LoggerMessage(83, LogLevel.Warning, "The document of {Service} gives {Tools} tools; {Why}")]
    public static partial void ServiceReadInPart(ILogger log, string service, int tools, string why);

    [LoggerMessage(82, LogLevel.Error, "The document of {Service} could not be read again; its tools stay as they were")]
    public static partial void RefreshFailed(ILogger log, string service, Exception fault);
}
