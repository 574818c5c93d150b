namespace Enclave.Queues;

/// <summary>Says if a job may wait.</summary>
public enum QueueVerdict
{
    /// <summary>There is room, and a job that was to be added waits.</summary>
    Added,

    /// <summary>The queue is full.</summary>
    Full,

    /// <summary>The tenant's share of the queue is full.</summary>
    TenantFull,
}
