namespace Enclave.Client;

/// <summary>The position of a session that has not begun.</summary>
/// <param name="Place">Its position; 1 is next. Tenants take turns, and priorities count.</param>
/// <param name="Waiting">The number of waiting sessions, including this one.</param>
public readonly record struct QueuePlace(long Place, long Waiting);
