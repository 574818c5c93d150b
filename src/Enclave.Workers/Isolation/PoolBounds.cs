namespace Enclave.Isolation;

/// <summary>The bounds of a pool that the operating system's limits follow.</summary>
/// <param name="WorkerMemory">The memory of a worker, in bytes.</param>
/// <param name="MaxWorkerAge">The age at which a worker is replaced.</param>
/// <param name="MaxWorkers">The most workers at once.</param>
internal readonly record struct PoolBounds(long WorkerMemory, TimeSpan MaxWorkerAge, int MaxWorkers);
