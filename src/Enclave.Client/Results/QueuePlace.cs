namespace Enclave.Client;

/// <summary>Where a session stands that has not begun.</summary>
/// <param name="Place">1 is next, by the turns of tenants and their priorities.</param>
/// <param name="Waiting">How many wait, this one included.</param>
public readonly record struct QueuePlace(long Place, long Waiting);
