namespace Enclave.Queues;

/// <summary>Jobs that are on their way into a queue but not in it yet. Negative for additional places.</summary>
/// <param name="All">Of all tenants.</param>
/// <param name="OfTenant">Of the asking tenant, included in all.</param>
public readonly record struct QueueAhead(int All, int OfTenant);
