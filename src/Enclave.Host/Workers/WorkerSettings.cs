using Enclave.Limits;
using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>What every worker of one pool shares.</summary>
internal sealed record WorkerSettings(WorkerPoolOptions Pool, LevelLimits Level, DeadlineClock Clock, ILogger Log)
{
    /// <summary>How often a worker's memory is compared with its checkpoint.</summary>
    public ResetComparison Comparison { get; init; } = ResetComparison.Off;

    /// <summary>What its workers are prepared for.</summary>
    public required WorkerSetup Setup { get; init; }
}
