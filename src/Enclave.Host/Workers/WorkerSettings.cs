using Enclave.Libraries;
using Enclave.Limits;
using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>What every worker of one pool shares.</summary>
internal sealed record WorkerSettings(WorkerPoolOptions Pool, LevelLimits Level, long DefaultMemoryLimit, DeadlineClock Clock, ILogger Log)
{
    /// <summary>What it evaluates before its first job.</summary>
    public LibrarySet Libraries { get; init; } = LibrarySet.None;
}
