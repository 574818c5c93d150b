using System.Security.Cryptography;
using System.Text;

namespace Enclave.Sidecar;

/// <summary>Where a value lies in the store: of tenant and secret, so that another tenant's name leads elsewhere, and the store's keys open nothing.</summary>
internal static class ReferenceKey
{
    public static string Of(string tenantKey, string secret) =>
        "ref-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{secret}/{tenantKey}")));

    /// <summary>The key of a tenant; null is a tenant of its own, and no name can be mistaken for it.</summary>
    public static string Tenant(string? tenant) => tenant is null ? "none" : "t:" + tenant;
}
