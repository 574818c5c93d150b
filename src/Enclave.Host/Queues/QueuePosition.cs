namespace Enclave.Queues;

/// <summary>The present position of a waiting job.</summary>
/// <param name="Place">1 for the next one.</param>
/// <param name="Waiting">The number of waiting jobs, including this one.</param>
public readonly record struct QueuePosition(int Place, int Waiting);
