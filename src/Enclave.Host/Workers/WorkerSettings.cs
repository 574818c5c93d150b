using Enclave.Limits;
using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>The common settings of a pool's workers.</summary>
internal sealed record WorkerSettings(WorkerPoolOptions Pool, LevelLimits Level, DeadlineClock Clock, ILogger Log)
{
    /// <summary>How often a worker's memory is compared with its checkpoint.</summary>
    public ResetComparison Comparison { get; init; } = ResetComparison.Off;

    /// <summary>The setup of its workers.</summary>
    public required WorkerSetup Setup { get; init; }
}
