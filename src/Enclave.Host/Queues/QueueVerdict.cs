namespace Enclave.Queues;

/// <summary>Whether a job may wait.</summary>
internal enum QueueVerdict
{
    Added,
    Full,
    TenantFull,
}
