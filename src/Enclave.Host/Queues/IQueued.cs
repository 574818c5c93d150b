namespace Enclave.Queues;

/// <summary>An entry of a <see cref="TenantQueues{T}"/>.</summary>
internal interface IQueued
{
    /// <summary>Its tenant. Tenants take turns.</summary>
    string TenantKey { get; }

    /// <summary>Content that it may share with other entries; null for none.</summary>
    object? Content => null;

    /// <summary>Approximate memory of <see cref="Content"/>.</summary>
    long ContentBytes => 0;

    /// <summary>Approximate memory that it alone holds, beside a constant.</summary>
    long OwnBytes => 0;

    /// <summary>Returns the <see cref="TenantKey"/> of a tenant. Work without a tenant has a key of its own.</summary>
    /// <param name="tenant">The tenant; null for none.</param>
    static string KeyOf(string? tenant) => tenant is null ? "none" : "t:" + tenant;
}
