using Enclave.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>The loggers of a host.</summary>
/// <param name="Host">Its events.</param>
/// <param name="Runs">Failed runs, with a category of its own: there may be many.</param>
internal readonly record struct HostLogs(ILogger Host, ILogger Runs)
{
    /// <param name="loggers">Creates them; null for no logs.</param>
    /// <param name="name">The name of the host; null for none.</param>
    public static HostLogs Of(ILoggerFactory? loggers, string? name)
    {
        ILoggerFactory safe = SafeLogger.Of(loggers);
        string suffix = name is null ? "" : $".{name}";
        return new HostLogs(safe.CreateLogger($"Enclave{suffix}"), safe.CreateLogger($"Enclave.Runs{suffix}"));
    }
}
