namespace Enclave.Pool;

/// <summary>The facts about a worker that decide if it is recycled.</summary>
internal readonly record struct WorkerHistory(int Executions, long Started);
