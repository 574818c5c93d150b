namespace Enclave.Queues;

/// <summary>Where something that waits stands in its line, as things are at this moment.</summary>
/// <param name="Place">1 for what is next.</param>
/// <param name="Waiting">How many wait in the line, it included.</param>
public readonly record struct QueuePosition(int Place, int Waiting);
