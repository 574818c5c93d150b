namespace Enclave.Queues;

/// <summary>What waits in a <see cref="FairQueue{T}"/>.</summary>
internal interface IQueued
{
    /// <summary>Whose it is: tenants take turns.</summary>
    string TenantKey { get; }
}
