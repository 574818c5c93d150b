using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <remarks>Ids 70-79: the sidecar. The next free is 72. Keys are never logged: they open values.</remarks>
internal static partial class Log
{
    [LoggerMessage(70, LogLevel.Warning, "The reference store failed to {What}")]
    public static partial void StoreFailed(ILogger log, string what, Exception fault);

    [LoggerMessage(71, LogLevel.Warning, "{Count} references of an ended run could not be removed from the store; they go when their time to live has passed")]
    public static partial void ReferencesLeft(ILogger log, int count);
}
