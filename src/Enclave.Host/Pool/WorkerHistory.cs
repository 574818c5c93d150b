namespace Enclave.Pool;

/// <summary>What the recycling of a worker is decided on.</summary>
internal readonly record struct WorkerHistory(int Executions, long GrowthBytes, long Started);
