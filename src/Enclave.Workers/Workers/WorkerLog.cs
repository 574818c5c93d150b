using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>Log messages of workers themselves. Their ids are among those of the host, whose log they are part of.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(2, LogLevel.Debug, "Worker {WorkerId} (pid {Pid}) is gone: {ExitCode}, {Why}")]
    public static partial void WorkerGone(ILogger log, int workerId, int pid, int exitCode, string why);
}
