using Microsoft.Extensions.Logging;

namespace Enclave.OpenApi;

/// <summary>Log messages of services. Ids 80 to 89 of the host's; the next free is 84.</summary>
internal static partial class OpenApiLog
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
