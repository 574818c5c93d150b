using Microsoft.Extensions.Logging;

namespace Enclave.RabbitMq.Diagnostics;

/// <summary>Events 260 to 279. Next free: 267.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(260, LogLevel.Warning, "The RabbitMQ server {Host} is unavailable: {Why}")]
    public static partial void LinkDown(ILogger log, string host, string why);

    [LoggerMessage(261, LogLevel.Information, "Connected to the RabbitMQ server {Host}")]
    public static partial void LinkUp(ILogger log, string host);

    [LoggerMessage(262, LogLevel.Warning, "A message of kind {Kind} was refused: {Why}")]
    public static partial void Refused(ILogger log, string kind, string why);

    [LoggerMessage(263, LogLevel.Warning, "The runtime {Runtime} was lost: {Why}")]
    public static partial void RuntimeLost(ILogger log, string runtime, string why);

    [LoggerMessage(264, LogLevel.Warning, "The broker {Broker} was lost, and its sessions here end: {Why}")]
    public static partial void BrokerLost(ILogger log, string broker, string why);

    [LoggerMessage(265, LogLevel.Warning, "The runtime {Runtime} gets no sessions: {Why}")]
    public static partial void ProtocolUnsupported(ILogger log, string runtime, string why);

    [LoggerMessage(266, LogLevel.Warning,
        "The RabbitMQ server {Host} is reached in clear (amqp): whoever is on the way reads scripts and values, and may answer in its place. Use amqps")]
    public static partial void InClear(ILogger log, string host);
}
