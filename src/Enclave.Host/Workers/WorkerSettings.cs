using Enclave.Limits;
using Microsoft.Extensions.Logging;

namespace Enclave.Workers;

/// <summary>What every worker of one pool shares.</summary>
internal sealed record WorkerSettings(WorkerPoolOptions Pool, LevelLimits Level, long DefaultMemoryLimit, DeadlineClock Clock, ILogger Log);
