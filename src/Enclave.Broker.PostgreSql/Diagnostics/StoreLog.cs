using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Diagnostics;

/// <summary>Events 230 to 249. Next free: 242.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(230, LogLevel.Warning, "The session store is unavailable: {Why}")]
    public static partial void Unreachable(ILogger log, string why);

    [LoggerMessage(231, LogLevel.Error, "The session store cannot be used: {Why}")]
    public static partial void Unusable(ILogger log, string why);

    [LoggerMessage(232, LogLevel.Information, "This broker is number {Broker} of the session store")]
    public static partial void Registered(ILogger log, long broker);

    [LoggerMessage(233, LogLevel.Error, "Broker {Broker} has lost its {Sessions} sessions: {Why}")]
    public static partial void Lost(ILogger log, long broker, int sessions, string why);

    [LoggerMessage(234, LogLevel.Warning, "Broker or host {Broker} sent no heartbeat and may no longer write")]
    public static partial void Fenced(ILogger log, long broker);

    [LoggerMessage(235, LogLevel.Warning, "{Sessions} sessions of broker {Broker} were ended because it was lost")]
    public static partial void Concluded(ILogger log, int sessions, long broker);

    [LoggerMessage(236, LogLevel.Warning, "Messages of other brokers cannot be received: {Why}")]
    public static partial void DeafMailbox(ILogger log, string why);

    [LoggerMessage(237, LogLevel.Warning, "Maintenance of the session store failed: {Why}")]
    public static partial void MaintenanceFailed(ILogger log, string why);

    [LoggerMessage(238, LogLevel.Warning, "The brokers' role may {Rights}, which no broker needs: revoke it (docs/sessions-store.md, Set up)")]
    public static partial void ExcessRights(ILogger log, string rights);

    [LoggerMessage(239, LogLevel.Error, "This host, number {Host} of the store of durable runs, was declared dead; other hosts go on with its runs")]
    public static partial void HostLost(ILogger log, long host);

    [LoggerMessage(240, LogLevel.Error, "Durable runs are due that another server or timeline had: the database was restored or promoted. "
        + "They wait until an operator accepts them (docs/durable-runs.md, Stores)")]
    public static partial void RunsHeldBack(ILogger log);

    [LoggerMessage(241, LogLevel.Warning, "A durable run cannot be read and is left out: {Why}")]
    public static partial void RunUnreadable(ILogger log, string why);
}
