namespace Enclave.Queues;

/// <summary>What waits in a <see cref="TenantQueues{T}"/>.</summary>
public interface IQueued
{
    /// <summary>Whose it is: tenants take turns.</summary>
    string TenantKey { get; }

    /// <summary>Returns the <see cref="TenantKey"/> of a tenant. Work without a tenant has a key of its own.</summary>
    /// <param name="tenant">The tenant; null for none.</param>
    static string KeyOf(string? tenant) => tenant is null ? "none" : "t:" + tenant;
}
