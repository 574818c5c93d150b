using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <content>Ids 80 to 89: services. The next free is 83.</content>
internal static partial class Log
{
    [LoggerMessage(80, LogLevel.Information, "The document of {Service} gives {Tools} tools; {Skipped} operations cannot be tools")]
    public static partial void ServiceRead(ILogger log, string service, int tools, int skipped);

    [LoggerMessage(81, LogLevel.Debug, "No tool of {Service}: {Operation}")]
    public static partial void OperationSkipped(ILogger log, string service, string operation);

    [LoggerMessage(82, LogLevel.Error, "The document of {Service} could not be read again; its tools stay as they were")]
    public static partial void RefreshFailed(ILogger log, string service, Exception fault);
}
