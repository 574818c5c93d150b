namespace Enclave.Queues;

/// <summary>Jobs that are on their way into a queue and not in it yet; below 0 for places beyond its own.</summary>
/// <param name="All">Of all tenants.</param>
/// <param name="OfTenant">Of the one that asks, counted among all.</param>
public readonly record struct QueueAhead(int All, int OfTenant);
