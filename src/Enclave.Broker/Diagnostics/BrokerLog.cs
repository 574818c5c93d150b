using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Diagnostics;

/// <summary>Events 200 to 229. Next free: 207.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(200, LogLevel.Error, "Session {Session} came to no answer")]
    public static partial void RunFailed(ILogger log, string session, Exception fault);

    [LoggerMessage(201, LogLevel.Error, "A request to {Path} failed")]
    public static partial void RequestFailed(ILogger log, string path, Exception fault);

    [LoggerMessage(202, LogLevel.Information, "A reader of session {Session} took nothing for {Seconds} s and was disconnected")]
    public static partial void SlowReader(ILogger log, string session, double seconds);

    [LoggerMessage(203, LogLevel.Warning, "The runtime {Address} did not take a session: {Why}")]
    public static partial void RuntimeFailed(ILogger log, string address, string why);

    [LoggerMessage(204, LogLevel.Debug, "Session {Session}: nothing could be sent to its runtime: {Why}")]
    public static partial void RuntimeSendFailed(ILogger log, string session, string why);

    [LoggerMessage(205, LogLevel.Warning, "The session store is not to be had: {Why}")]
    public static partial void StoreFailed(ILogger log, string why);

    [LoggerMessage(206, LogLevel.Warning, "The other brokers could not be told of this one: {Why}")]
    public static partial void FleetFailed(ILogger log, string why);
}
