namespace Enclave.Queues;

/// <summary>An entry of a <see cref="TenantQueues{T}"/>.</summary>
internal interface IQueued
{
    /// <summary>Its tenant. Tenants take turns.</summary>
    string TenantKey { get; }

    /// <summary>Returns the <see cref="TenantKey"/> of a tenant. Work without a tenant has a key of its own.</summary>
    /// <param name="tenant">The tenant; null for none.</param>
    static string KeyOf(string? tenant) => tenant is null ? "none" : "t:" + tenant;
}
