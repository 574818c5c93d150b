using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Diagnostics;

/// <summary>Events 200 to 229. Next free: 207.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(200, LogLevel.Error, "Session {Session} ended without a result")]
    public static partial void RunFailed(ILogger log, string session, Exception fault);

    [LoggerMessage(201, LogLevel.Error, "A request to {Path} failed")]
    public static partial void RequestFailed(ILogger log, string path, Exception fault);

    [LoggerMessage(202, LogLevel.Information, "A reader of session {Session} took more than {Seconds} s for 64 KB and was disconnected")]
    public static partial void SlowReader(ILogger log, string session, double seconds);

    [LoggerMessage(203, LogLevel.Warning, "The runtime {Address} did not accept a session: {Why}")]
    public static partial void RuntimeFailed(ILogger log, string address, string why);

    [LoggerMessage(204, LogLevel.Debug, "Session {Session}: a message could not be sent to its runtime: {Why}")]
    public static partial void RuntimeSendFailed(ILogger log, string session, string why);

    [LoggerMessage(205, LogLevel.Warning, "The session store is unavailable: {Why}")]
    public static partial void StoreFailed(ILogger log, string why);

    [LoggerMessage(206, LogLevel.Warning, "The report for the other brokers could not be sent: {Why}")]
    public static partial void FleetFailed(ILogger log, string why);
}
