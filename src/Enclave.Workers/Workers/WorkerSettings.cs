using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>The common settings of a pool's workers.</summary>
/// <param name="MemoryLimit">The memory that a worker without a job may hold, in bytes, above that of its start.</param>
/// <param name="KillGrace">The time between the end of a run's time and the kill.</param>
/// <param name="Clock">Kills workers at their deadlines.</param>
/// <param name="Log">The host's log.</param>
internal sealed record WorkerSettings(long MemoryLimit, TimeSpan KillGrace, DeadlineClock Clock, ILogger Log)
{
    /// <summary>How often a worker's memory is compared with its checkpoint.</summary>
    public ResetComparison Comparison { get; init; } = ResetComparison.Off;

    /// <summary>The setup of its workers.</summary>
    public required WorkerSetup Setup { get; init; }
}
